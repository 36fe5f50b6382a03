/// Runs of one prepared statement with parameters of their own, as the bytes that say them: Bind and Execute, and a Sync where
/// each run stands by itself.
///
/// Nothing is kept of a run but its bytes, so that a run costs little more than the bytes of its parameters. Indices: `bytes`
/// holds `count` whole runs, and while one is being written its beginning from `start` on.
package struct StatementRuns: Sendable {
    /// The statement's name.
    package let statement: String
    /// How many runs there are.
    package private(set) var count = 0
    let outcome: SessionPhase.ExtendedStep
    let hasSync: Bool
    private let parameterCount: Int
    private var formats: [FormatCode]
    /// What goes before the parameters of each run, and after them. The length of Bind is not known yet.
    private var head: [UInt8]
    private let tail: [UInt8]
    private(set) var bytes: [UInt8] = []
    private var start = 0

    /// There are no runs yet.
    ///
    /// - Parameters:
    ///   - result: what the statement returns, which has to be known.
    ///   - andSync: whether a Sync follows each run.
    package init(
        of statement: String, parameterCount: Int, resultFormats: [FormatCode], result: ExtendedFlight.Result,
        andSync: Bool
    ) throws(FrontendMessageError) {
        switch result {
        case .noRows: outcome = .noRows
        case .rows(let columnCount): outcome = .rows(columnCount: columnCount)
        case .unknown, .copy: preconditionFailure("what runs again and again is described")
        }
        self.statement = statement
        self.parameterCount = parameterCount
        hasSync = andSync
        formats = Array(repeating: .binary, count: parameterCount)
        head = try Self.head(of: statement, formats)
        var tail = FrontendBuffer()
        try tail.formats(resultFormats)
        try tail.append(Execute())
        if andSync { try tail.append(Sync()) }
        self.tail = [UInt8](copying: tail.pending)
        resultFormatsBytes = 2 + 2 * resultFormats.count
    }

    /// How many bytes of `tail` belong to Bind.
    private let resultFormatsBytes: Int

    private static func head(
        of statement: String, _ formats: [FormatCode]
    ) throws(FrontendMessageError) -> [UInt8] {
        var head = FrontendBuffer()
        head.integer(UInt8(ascii: "B"))
        head.integer(Int32(0))
        try head.string("")
        try head.string(statement)
        // A code for each, also where all are alike: so the bytes of all runs lie at the same places.
        try head.formats(formats)
        try head.count(formats.count)
        return [UInt8](copying: head.pending)
    }

    /// How many bytes say the runs.
    package var byteCount: Int { bytes.count }

    /// Begins a run: what is appended to `parameters` from now on, an empty list, is written to it.
    package mutating func begin(_ parameters: inout BoundParameters) {
        start = bytes.count
        bytes.append(contentsOf: head)
        parameters.borrow(&bytes)
    }

    /// Ends the run that was begun.
    ///
    /// - Throws: where it cannot be said; it is taken back then.
    package mutating func end(_ parameters: inout BoundParameters) throws(FrontendMessageError) {
        parameters.giveBack(&bytes)
        do throws(FrontendMessageError) {
            if let failure = parameters.failure { throw failure }
            guard parameters.count == parameterCount else { throw .wrongParameterCount }
            if parameters.formats != formats { try note(parameters.formats) }
            guard let length = FrontendBuffer.messageLength(bytes.count - start - 1 + resultFormatsBytes) else {
                throw .messageTooLarge
            }
            bytes.replace(bigEndian: length, at: start + 1)
        } catch {
            bytes.removeSubrange(start...)
            throw error
        }
        bytes.append(contentsOf: tail)
        count += 1
    }

    /// Takes back the run that was begun.
    package mutating func cancel(_ parameters: inout BoundParameters) {
        parameters.giveBack(&bytes)
        bytes.removeSubrange(start...)
    }

    /// The parameters of a run have other formats than those before it.
    private mutating func note(_ formats: [FormatCode]) throws(FrontendMessageError) {
        let head = try Self.head(of: statement, formats)
        bytes.replaceSubrange(start..<start + head.count, with: head)
        (self.head, self.formats) = (head, formats)
    }

    /// Moves the bytes of all runs to the end of a buffer; there are none after that.
    mutating func move(to buffer: inout FrontendBuffer) {
        buffer.append(moving: &bytes)
        count = 0
    }
}

extension StatementRuns: Redacted {
    package var description: String { "StatementRuns(\(count) runs)" }
}
