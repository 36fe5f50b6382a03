/// How far a COPY has come.
public struct PostgresCopyProgress: Hashable, Sendable {
    /// The rows that were read or written.
    public package(set) var rowCount = 0
    /// The bytes of data that were received or sent.
    public package(set) var bytes = 0

    /// Nothing yet.
    package init() {}

    /// Tells `progress` where the writer has sent more since the last time.
    mutating func tell(_ writer: PostgresCopyWriter, _ progress: (PostgresCopyProgress) -> Void) {
        guard writer.sentBytes != bytes else { return }
        bytes = writer.sentBytes
        rowCount = writer.rowCount
        progress(self)
    }
}
