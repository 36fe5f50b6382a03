/// The server asks for a step of the authentication, or says that it succeeded.
package struct Authentication: Hashable, Sendable {
    /// What the server asks for.
    package let request: AuthenticationRequest

    /// Creates the message that makes `request`.
    package init(_ request: AuthenticationRequest) {
        self.request = request
    }

    /// Decodes the message's body.
    ///
    /// The body of a request that the manual does not list is not looked at: nobody knows its fields, and the session
    /// refuses such a request anyway.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        var reader = MessageReader(body, of: "Authentication")
        let code = try reader.integer(Int32.self)
        switch code {
        case 0: request = .ok
        case 2: request = .kerberosV5
        case 3: request = .cleartextPassword
        case 5: request = .md5Password(salt: [UInt8](copying: try reader.bytes(4)))
        case 7: request = .gss
        case 8: request = .gssContinue([UInt8](copying: reader.rest()))
        case 9: request = .sspi
        case 10: request = .sasl(mechanisms: try reader.mechanisms())
        case 11: request = .saslContinue([UInt8](copying: reader.rest()))
        case 12: request = .saslFinal([UInt8](copying: reader.rest()))
        default:
            _ = reader.rest()
            request = .unsupported(code)
        }
        try reader.finish()
    }
}

extension MessageReader {
    /// Reads mechanism names up to the empty one that ends the list.
    @_lifetime(self: copy self)
    fileprivate mutating func mechanisms() throws(ProtocolViolation) -> [String] {
        var mechanisms: [String] = []
        while true {
            let mechanism = try string()
            guard !mechanism.isEmpty else { return mechanisms }
            mechanisms.append(mechanism)
        }
    }
}
