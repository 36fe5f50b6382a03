/// How far a COPY has come.
public struct PostgresCopyProgress: Hashable, Sendable {
    /// The rows that were read or written.
    public package(set) var rowCount = 0
    /// The bytes of data that were received or sent.
    public package(set) var bytes = 0

    /// Nothing yet.
    package init() {}
}

extension PostgresCopyWriter {
    /// Sends what has gathered, and says how far that is.
    @usableFromInline
    nonisolated(nonsending) func send(_ progress: (PostgresCopyProgress) -> Void) async throws(PostgresError) {
        try await rows.send()
        var sent = PostgresCopyProgress()
        (sent.rowCount, sent.bytes) = (rowCount, sentBytes)
        progress(sent)
    }
}
