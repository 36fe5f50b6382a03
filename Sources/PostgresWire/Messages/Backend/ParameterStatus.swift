/// The present value of a run-time parameter that the server reports.
package struct ParameterStatus: Hashable, Sendable {
    package let name: String
    package let value: String

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        var reader = MessageReader(body, of: "ParameterStatus")
        name = try reader.string()
        value = try reader.string()
        try reader.finish()
    }
}
