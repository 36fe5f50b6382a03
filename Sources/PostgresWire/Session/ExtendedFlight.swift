/// What is said in one go by the extended query protocol, with one Sync at its end (manual: "Extended Query").
///
/// Behind an error the server skips everything up to the Sync. So what must happen in any case, such as closing
/// statements, goes first.
package struct ExtendedFlight: Sendable {
    /// What is known of the rows that a statement returns.
    package enum Result: Hashable, Sendable {
        /// Nothing; the server is asked to describe them.
        case unknown
        /// There are none.
        case noRows
        /// Each has this many columns.
        case rows(columnCount: Int)
    }

    enum Part: Sendable {
        case close(Close)
        case parse(Parse)
        case describe(StatementOrPortal)
        case bind(Bind)
        case execute(columnCount: Int?)
        case flush
    }

    private(set) var parts: [Part] = []

    /// Creates a flight that says nothing yet.
    package init() {}

    /// Closes a statement; closing one that does not exist is no error.
    package mutating func close(statement name: String) {
        parts.append(.close(Close(target: .statement(name))))
    }

    /// Makes a statement out of SQL.
    package mutating func parse(_ sql: String, as name: String = "", parameterTypeOIDs: [UInt32] = []) {
        parts.append(.parse(Parse(statement: name, sql: sql, parameterTypeOIDs: parameterTypeOIDs)))
    }

    /// Asks for the types of a statement's parameters and for the columns of its rows.
    package mutating func describe(statement name: String) {
        parts.append(.describe(.statement(name)))
    }

    /// Binds parameters to a statement and runs it, without a row limit: one would keep the server from running a plan
    /// in parallel.
    package mutating func run(
        statement name: String = "", _ parameters: BoundParameters, resultFormats: [FormatCode] = [.binary],
        result: Result = .unknown
    ) {
        parts.append(.bind(Bind(statement: name, parameters: parameters, resultFormats: resultFormats)))
        switch result {
        case .unknown:
            parts.append(.describe(.portal("")))
            parts.append(.execute(columnCount: nil))
        case .noRows: parts.append(.execute(columnCount: nil))
        case .rows(let columnCount): parts.append(.execute(columnCount: columnCount))
        }
    }

    /// Runs a command that has no parameters and returns no rows, such as BEGIN.
    package mutating func run(command sql: String) {
        parse(sql)
        run(BoundParameters(), resultFormats: [], result: .noRows)
    }

    /// Has the server send what it has to say so far before it goes on.
    package mutating func flush() {
        parts.append(.flush)
    }
}

extension ExtendedFlight.Part {
    func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        switch self {
        case .close(let close): try close.encode(into: &buffer)
        case .parse(let parse): try parse.encode(into: &buffer)
        case .describe(let target): try Describe(target: target).encode(into: &buffer)
        case .bind(let bind): try bind.encode(into: &buffer)
        case .execute: try Execute().encode(into: &buffer)
        case .flush: try Flush().encode(into: &buffer)
        }
    }

    /// What the server answers, in this order.
    var steps: [SessionPhase.ExtendedStep] {
        switch self {
        case .close: [.closeComplete]
        case .parse: [.parseComplete]
        case .describe(.statement): [.parameterDescription, .statementDescription]
        case .describe(.portal): [.description]
        case .bind: [.bindComplete]
        case .execute(let columnCount?): [.rows(columnCount: columnCount)]
        case .execute(nil): [.noRows]
        case .flush: []
        }
    }
}
