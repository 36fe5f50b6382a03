import PostgresWire

/// Sends the data of a COPY, in the format that its statement says; see `PostgresConnection.copyIn(_:mode:options:_:)`.
///
/// It stays in the closure that it was given to; after that every call throws `invalidState`.
public struct PostgresCopyDataWriter {
    let run: CopyInRun

    init(_ run: CopyInRun) { self.run = run }

    /// Sends bytes, cut anywhere. They are gathered; waits only for a server that does not keep up.
    ///
    /// - Throws: the server's error, as soon as it is known; the connection's failure, `cancelled`, `queryTimedOut`.
    public nonisolated(nonsending) func write(_ bytes: [UInt8]) async throws(PostgresError) {
        try run.checkOpen()
        run.buffer.append(contentsOf: bytes)
        if run.isToBeSent { try await run.send() }
    }

    /// Sends the UTF-8 of a text, cut anywhere.
    ///
    /// - Throws: as for bytes.
    public nonisolated(nonsending) func write(_ text: String) async throws(PostgresError) {
        try run.checkOpen()
        run.buffer.append(contentsOf: text.utf8)
        if run.isToBeSent { try await run.send() }
    }

    /// Sends borrowed bytes, cut anywhere.
    ///
    /// - Throws: as for bytes.
    public nonisolated(nonsending) func write(_ bytes: borrowing RawSpan) async throws(PostgresError) {
        try run.checkOpen()
        run.buffer.append(copying: copy bytes)
        if run.isToBeSent { try await run.send() }
    }

    /// Sends data of another COPY as it came.
    ///
    /// - Throws: as for bytes.
    public nonisolated(nonsending) func write(_ chunk: PostgresCopyChunk) async throws(PostgresError) {
        if !run.buffer.isEmpty { try await run.send() }
        try await run.send(messages: chunk)
    }
}
