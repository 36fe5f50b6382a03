/// Who gives out tokens, as a client knows it (RFC 8414, section 2). A token is asked of this one and of no other that a
/// server may name.
package struct OAuthIssuer: Hashable, Sendable {
    /// The issuer's identifier, which is compared byte for byte.
    package let identifier: String
    /// Where it describes itself, if the client was told; otherwise the server says.
    package let configurationURL: String?

    /// Why a text names no issuer.
    package enum Problem: Error, Hashable, Sendable {
        /// It does not begin with `https://`, holds what no URL holds, or is too long.
        case notHTTPS
        /// It has a query or a fragment.
        case hasQuery
        /// It holds `/.well-known/`, but not as the address of a description of an issuer.
        case notWellKnown
    }

    /// The longest URL, in bytes.
    package static let bytesMax = 2 << 10

    /// Reads a setting, which is the identifier or the address of its description.
    package init(setting: String) throws(Problem) {
        let bytes = try Self.validate(setting)
        guard Self.firstIndex(of: Self.wellKnown, in: bytes[...]) != nil else {
            identifier = setting
            configurationURL = nil
            return
        }
        identifier = try Self.identifier(describedAt: setting)
        configurationURL = setting
    }

    /// Returns the issuer whose description is at an address: the address without `/.well-known/…`, which stands at its
    /// end (OpenID Connect Discovery 1.0, section 4) or at the start of its path (RFC 8414, section 3).
    package static func identifier(describedAt url: String) throws(Problem) -> String {
        let bytes = try validate(url)
        let authority = bytes[scheme.count...]
        guard let start = firstIndex(of: wellKnown, in: authority) else { throw .notWellKnown }
        let name = bytes[(start + wellKnown.count)...].prefix { $0 != UInt8(ascii: "/") }
        guard documents.contains(Array(name)) else { throw .notWellKnown }
        let isAtEnd = name.endIndex == bytes.count
        guard isAtEnd || authority.firstIndex(of: UInt8(ascii: "/")) == start else { throw .notWellKnown }
        return String(decoding: bytes[..<start] + bytes[name.endIndex...], as: UTF8.self)
    }

    /// Returns the bytes of a URL without query and fragment.
    private static func validate(_ url: String) throws(Problem) -> [UInt8] {
        let bytes = Array(url.utf8)
        guard bytes.count <= bytesMax, bytes.count > scheme.count, bytes.allSatisfy({ 0x21...0x7E ~= $0 }),
            zip(bytes, scheme).allSatisfy({ $0 | ($1 >= 0x61 ? 0x20 : 0) == $1 })
        else { throw .notHTTPS }
        guard !bytes.contains(UInt8(ascii: "?")), !bytes.contains(UInt8(ascii: "#")) else { throw .hasQuery }
        return bytes
    }

    private static func firstIndex(of pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        bytes.indices.first { bytes[$0...].starts(with: pattern) }
    }

    private static let scheme = Array("https://".utf8)
    private static let wellKnown = Array("/.well-known/".utf8)
    private static let documents = [Array("openid-configuration".utf8), Array("oauth-authorization-server".utf8)]
}
