/// What is said in one go by the extended query protocol (manual: "Extended Query").
///
/// After an error the server skips everything up to the Sync. So what must happen in any case, such as closing
/// statements, goes first.
package struct ExtendedFlight: Sendable {
    /// What is known of what a statement returns.
    package enum Result: Hashable, Sendable {
        /// Nothing; the server is asked to describe it.
        case unknown
        /// No rows. A COPY is refused.
        case noRows
        /// Rows of so many columns each.
        case rows(columnCount: Int)
        /// What a COPY returns, which is welcome, or no rows. Nothing can be said after it in the same flight, and nothing
        /// in another one before the server answered that it waits for no data, or has got all of it.
        case copy
    }

    enum Part: Sendable {
        case close(Close)
        case parse(Parse)
        case describe(StatementOrPortal)
        /// Describes the portal that the next part executes.
        case describeExecution(portal: String)
        case bind(Bind)
        /// What is awaited is one of the steps that an Execute leads to.
        case execute(Execute, awaiting: SessionPhase.ExtendedStep)
        case flush
    }

    private(set) var parts: [Part] = []
    /// Whether the last statement may be a COPY that is welcome.
    private(set) var mayCopy = false

    /// Creates a flight that says nothing yet.
    package init() {}

    private mutating func append(_ part: Part) {
        precondition(!mayCopy, "nothing follows a COPY in its flight")
        parts.append(part)
    }

    /// Closes a statement; closing one that does not exist is no error.
    package mutating func close(statement name: String) {
        append(.close(Close(target: .statement(name))))
    }

    /// Closes a portal, suspended or not; closing one that does not exist is no error.
    package mutating func close(portal name: String) {
        append(.close(Close(target: .portal(name))))
    }

    /// Makes a statement out of SQL.
    package mutating func parse(_ sql: String, as name: String = "", parameterTypeOIDs: [UInt32] = []) {
        append(.parse(Parse(statement: name, sql: sql, parameterTypeOIDs: parameterTypeOIDs)))
    }

    /// Asks for the types of a statement's parameters and for the columns of its rows.
    package mutating func describe(statement name: String) {
        append(.describe(.statement(name)))
    }

    /// Asks for the columns of a portal's rows without executing it.
    package mutating func describe(portal name: String) {
        append(.describe(.portal(name)))
    }

    /// Binds parameters to a statement and so makes a portal. A named one lasts until it is closed or its transaction ends.
    package mutating func bind(
        portal: String, statement: String = "", _ parameters: BoundParameters, resultFormats: [FormatCode] = [.binary]
    ) {
        append(
            .bind(Bind(portal: portal, statement: statement, parameters: parameters, resultFormats: resultFormats)))
    }

    /// Runs a portal, or goes on with one that is suspended.
    ///
    /// - Parameters:
    ///   - maximumRows: how many rows come before the portal is suspended; 0 for all. A limit keeps the server from running
    ///     a plan in parallel, and has no effect on statements without rows.
    ///   - result: what is known of what it returns. A COPY is run whole.
    package mutating func execute(portal: String, maximumRows: Int32 = 0, result: Result = .unknown) {
        precondition(maximumRows >= 0, "a row limit is not negative")
        let isLimited = maximumRows > 0
        let step: SessionPhase.ExtendedStep
        switch result {
        case .unknown:
            append(.describeExecution(portal: portal))
            step = isLimited ? .limited : .noRows
        case .noRows: step = .noRows
        case .rows(let columnCount):
            step = isLimited ? .limitedRows(columnCount: columnCount) : .rows(columnCount: columnCount)
        case .copy:
            precondition(!isLimited, "a COPY has no row limit")
            step = .mayCopy
        }
        append(.execute(Execute(portal: portal, maximumRows: maximumRows), awaiting: step))
        mayCopy = step == .mayCopy
    }

    /// Binds parameters to a statement and runs it, without a row limit: one would keep the server from running a plan
    /// in parallel.
    package mutating func run(
        statement name: String = "", _ parameters: BoundParameters, resultFormats: [FormatCode] = [.binary],
        result: Result = .unknown
    ) {
        bind(portal: "", statement: name, parameters, resultFormats: resultFormats)
        execute(portal: "", result: result)
    }

    /// Runs a command that has no parameters and returns no rows, such as BEGIN.
    package mutating func run(command sql: String) {
        parse(sql)
        run(BoundParameters(), resultFormats: [], result: .noRows)
    }

    /// Has the server send what it has to say so far before it goes on.
    package mutating func flush() {
        append(.flush)
    }
}

extension ExtendedFlight.Part {
    /// The most answers that a part has.
    static let stepsMax = 2

    /// Appends the message, and what the server answers.
    func encode(into buffer: inout FrontendBuffer, awaiting steps: inout ExtendedSteps) throws(FrontendMessageError) {
        switch self {
        case .close(let close):
            try close.encode(into: &buffer)
            steps.append(.closeComplete)
        case .parse(let parse):
            try parse.encode(into: &buffer)
            steps.append(.parseComplete)
        case .describe(let target):
            try Describe(target: target).encode(into: &buffer)
            if case .statement = target { steps.append(.parameterDescription) }
            steps.append(.columnDescription)
        case .describeExecution(let portal):
            try Describe(target: .portal(portal)).encode(into: &buffer)
            steps.append(.description)
        case .bind(let bind):
            try bind.encode(into: &buffer)
            steps.append(.bindComplete)
        case .execute(let execute, let step):
            try execute.encode(into: &buffer)
            steps.append(step)
        case .flush: try Flush().encode(into: &buffer)
        }
    }
}
