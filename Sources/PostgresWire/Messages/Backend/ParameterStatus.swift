/// The present value of a run-time parameter that the server reports.
package struct ParameterStatus: Hashable, Sendable {
    /// The parameter's name.
    package let name: String
    /// The value from now on.
    package let value: String

    /// Creates the message.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        var reader = MessageReader(body, of: "ParameterStatus")
        name = try reader.string()
        value = try reader.string()
        try reader.finish()
    }
}
