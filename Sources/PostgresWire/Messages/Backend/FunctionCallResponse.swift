/// The result of a FunctionCall.
package struct FunctionCallResponse: Hashable, Sendable {
    /// The function's value in the format that was asked for; `nil` is NULL.
    package let value: [UInt8]?

    /// Creates the message.
    package init(value: [UInt8]?) {
        self.value = value
    }

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        var reader = MessageReader(body, of: "FunctionCallResponse")
        value = try reader.value()
        try reader.finish()
    }
}

extension FunctionCallResponse: Redacted {}
