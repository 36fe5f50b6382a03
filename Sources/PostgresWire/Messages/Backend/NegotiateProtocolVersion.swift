/// The server does not speak the minor version or does not know the protocol options of the StartupMessage.
package struct NegotiateProtocolVersion: Hashable, Sendable {
    /// The newest version that the server speaks.
    package let newestVersion: ProtocolVersion
    /// The protocol options that the server does not know, without their values.
    package let unknownOptions: [String]

    /// Creates the message.
    package init(newestVersion: ProtocolVersion, unknownOptions: [String]) {
        self.newestVersion = newestVersion
        self.unknownOptions = unknownOptions
    }

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        var reader = MessageReader(body, of: "NegotiateProtocolVersion")
        let version = ProtocolVersion(code: try reader.integer())
        // The manual speaks of the minor version alone, PostgreSQL sends both numbers. Both readings are understood.
        newestVersion = version.major == 0 ? ProtocolVersion(major: 3, minor: version.minor) : version
        var options: [String] = []
        for _ in 0..<(try reader.count(Int32.self, itemBytes: 1)) { options.append(try reader.string()) }
        unknownOptions = options
        try reader.finish()
    }
}
