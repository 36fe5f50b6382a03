import COpenSSL

/// A version of TLS that connections may speak. What came before 1.2 is not for use any more (RFC 8996).
package enum TLSVersion: Int32, Hashable, Sendable, Comparable, CaseIterable, CustomStringConvertible {
    case tls12 = 0x0303
    case tls13 = 0x0304

    /// The name as OpenSSL and connection strings write it, such as `TLSv1.3`.
    package var description: String {
        switch self {
        case .tls12: "TLSv1.2"
        case .tls13: "TLSv1.3"
        }
    }

    /// The name of a version by OpenSSL's number, also of one that is not for use.
    static func name(_ number: Int32) -> String {
        TLSVersion(rawValue: number)?.description ?? (number < tls12.rawValue ? "one before TLSv1.2" : "a newer one")
    }

    /// Whether one version is older than the other.
    package static func < (first: Self, second: Self) -> Bool { first.rawValue < second.rawValue }
}
