/// A step of the authentication that the server asks for (manual: "Message Formats", the Authentication messages).
package enum AuthenticationRequest: Hashable, Sendable {
    /// The client is authenticated.
    case ok
    /// Kerberos V5, which no supported server asks for any more.
    case kerberosV5
    /// The password itself.
    case cleartextPassword
    /// The password hashed with MD5 and this salt of 4 bytes.
    case md5Password(salt: [UInt8])
    /// The start of a GSSAPI exchange.
    case gss
    /// The next step of a GSSAPI or SSPI exchange, with its token.
    case gssContinue([UInt8])
    /// The start of an SSPI exchange.
    case sspi
    /// The start of a SASL exchange, with the mechanisms in the server's order of preference.
    case sasl(mechanisms: [String])
    /// The next step of a SASL exchange, with the mechanism's challenge.
    case saslContinue([UInt8])
    /// The end of a SASL exchange, with the mechanism's last data.
    case saslFinal([UInt8])
    /// A request that this client does not know, with its code.
    case unsupported(Int32)
}
