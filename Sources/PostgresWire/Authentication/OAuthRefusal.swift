/// What a server says when it does not accept a token (RFC 7628, section 3.2.2). All of it is the word of a peer that
/// has not proven itself.
package struct OAuthRefusal: Hashable, Sendable {
    /// What is wrong, such as `invalid_token`.
    package let status: String
    /// The scope that a token needs.
    package let scope: String?
    /// Where the authorization server describes itself.
    package let configurationURL: String?

    /// The longest message. The manual's example has a hundred bytes.
    package static let messageBytesMax = 4 << 10

    /// Decodes the data of AuthenticationSASLContinue: a JSON object whose members of these names are strings. Others
    /// are passed over. Strings are printable ASCII, as their grammars demand.
    package init(validating message: [UInt8]) throws(ProtocolViolation) {
        guard message.count <= Self.messageBytesMax else { throw Self.violation("is longer than the limit") }
        guard !message.contains(0), String(validating: message, as: UTF8.self) != nil else {
            throw Self.violation("is not text")
        }
        let names = ["status", "scope", "openid-configuration"]
        let members: [String: String]
        do throws(FlatJSONReader.Malformed) {
            members = try FlatJSONReader.strings(named: names, in: message)
        } catch {
            throw Self.violation("is not the JSON that it should be")
        }
        for value in members.values where !value.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) {
            throw Self.violation("holds a value that is not printable")
        }
        guard let status = members["status"] else { throw Self.violation("lacks a status") }
        self.status = status
        scope = members["scope"]
        configurationURL = members["openid-configuration"]
    }

    private static func violation(_ problem: String) -> ProtocolViolation {
        ProtocolViolation(.authentication, "OAuth refusal \(problem)")
    }
}
