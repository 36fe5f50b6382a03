import PostgresWire

/// The run-time parameters that the server reports by itself (manual: "Asynchronous Operations").
struct ServerParameters: Sendable {
    private(set) var values: [String: String] = [:]
    private var bytes = 0

    /// What servers report, if it is too long to be kept within a String itself.
    private static let knownNames = Dictionary(
        uniqueKeysWithValues: [
            "standard_conforming_strings", "default_transaction_read_only", "scram_iterations",
            "session_authorization", "integer_datetimes", "application_name",
        ].map { ($0, $0) })

    private static let countMax = 256
    private static let bytesMax = 64 << 10

    /// Takes note of a report. The client speaks UTF-8 only: another encoding would turn text into garbage.
    mutating func note(_ status: ParameterStatus) throws(ProtocolViolation) {
        if status.name == "client_encoding", status.value != "UTF8" {
            throw ProtocolViolation(.unexpectedMessage, "client_encoding was changed to something else than UTF8")
        }
        let old = values[status.name].map { $0.utf8.count + status.name.utf8.count } ?? 0
        bytes += status.name.utf8.count + status.value.utf8.count - old
        // A name of the program takes no memory of each connection.
        values[Self.knownNames[status.name] ?? status.name] = status.value
        guard values.count <= Self.countMax, bytes <= Self.bytesMax else {
            throw ProtocolViolation(.messageTooLarge, "server reports more parameters than the limit")
        }
    }
}
