extension SessionStateMachine {
    /// Agrees on the older version that the server speaks (manual: "NegotiateProtocolVersion").
    ///
    /// As in libpq the answer has to change something that can be changed: it comes once, names an older version that
    /// exists and that the client puts up with, and knows no options but those that were sent, which are none.
    mutating func negotiate(_ answer: NegotiateProtocolVersion) throws(ProtocolViolation) {
        guard let oldestVersion else { throw Self.violation("came twice") }
        guard answer.unknownOptions.isEmpty else { throw Self.violation("names options that were not sent") }
        let version = answer.newestVersion
        guard version < protocolVersion else { throw Self.violation("asks for no older version") }
        guard version >= .v3_0, version != ProtocolVersion(major: 3, minor: 1) else {
            throw Self.violation("asks for a version that does not exist")
        }
        guard version >= oldestVersion else {
            throw ProtocolViolation(
                .unsupportedVersion,
                "server speaks protocol \(version) at most, and \(oldestVersion) is the oldest allowed here")
        }
        agree(on: version)
    }

    private static func violation(_ problem: String) -> ProtocolViolation {
        ProtocolViolation(.unexpectedMessage, "NegotiateProtocolVersion message \(problem)")
    }
}
