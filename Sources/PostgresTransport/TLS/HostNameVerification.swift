import Glibc

// The rules are libpq's (fe-secure-common.c and fe-secure-openssl.c of versions 15 to 18) with one exception: a
// wildcard never stands for a part of a numeric address.

/// The names that a certificate is for, as they stand in it.
package struct CertificateNames: Hashable, Sendable {
    /// One subject alternative name of the two kinds that hosts have.
    package enum AlternativeName: Hashable, Sendable {
        /// A dNSName, by its bytes.
        case dns([UInt8])
        /// An iPAddress in network byte order.
        case address([UInt8])
    }

    /// The subject alternative names, in the certificate's order.
    package var alternativeNames: [AlternativeName]
    /// The first common name of the subject.
    package var commonName: [UInt8]?

    /// Collects names.
    package init(alternativeNames: [AlternativeName] = [], commonName: [UInt8]? = nil) {
        self.alternativeNames = alternativeNames
        self.commonName = commonName
    }
}

extension CertificateNames {
    /// Checks that one of the names is for `host`, a name or a numeric address as the user wrote it.
    ///
    /// The common name counts only where no alternative name is of the kind that `host` is of.
    package func verify(host: String) throws(TLSFailure) {
        guard !host.isEmpty, !host.utf8.contains(0) else {
            throw TLSFailure(.settings, "a host name must be specified for a verified TLS connection")
        }
        let address = NumericAddress(host)
        var candidates = alternativeNames
        if !hasAlternativeName(ofKindOf: address), let commonName { candidates.append(.dns(commonName)) }
        for name in candidates {
            switch name {
            case .dns(let bytes): if try Self.isName(bytes, of: host, isAddress: address != nil) { return }
            case .address(let bytes): if try Self.isAddress(bytes, of: address) { return }
            }
        }
        throw Self.mismatch(candidates, host)
    }

    private func hasAlternativeName(ofKindOf address: NumericAddress?) -> Bool {
        alternativeNames.contains { name in
            switch name {
            case .dns: address == nil
            case .address: address != nil
            }
        }
    }

    private static func isName(_ pattern: [UInt8], of host: String, isAddress: Bool) throws(TLSFailure) -> Bool {
        guard !pattern.contains(0) else {
            throw TLSFailure(.hostMismatch, "a name in the server's certificate contains a NUL")
        }
        let (pattern, host) = (pattern.map(lowercased), host.utf8.map(lowercased))
        return pattern == host || (!isAddress && isWildcard(pattern, for: host))
    }

    private static func isAddress(_ bytes: [UInt8], of host: NumericAddress?) throws(TLSFailure) -> Bool {
        guard bytes.count == 4 || bytes.count == 16 else {
            throw TLSFailure(
                .hostMismatch, "the server's certificate contains an IP address of \(bytes.count) bytes")
        }
        return bytes == host?.ipv4 || bytes == host?.ipv6
    }

    /// Whether `pattern` is `*.` and a domain, and `host` is one label in front of that domain.
    private static func isWildcard(_ pattern: [UInt8], for host: [UInt8]) -> Bool {
        guard pattern.count >= 3, pattern.starts(with: [UInt8(ascii: "*"), UInt8(ascii: ".")]) else { return false }
        guard let dot = host.firstIndex(of: UInt8(ascii: ".")), dot > 0 else { return false }
        return host[dot...] == pattern[1...]
    }

    /// Names have no other letters than ASCII's that differ in case.
    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func mismatch(_ names: [AlternativeName], _ host: String) -> TLSFailure {
        guard let first = names.first else {
            return TLSFailure(.hostMismatch, "could not get the server's host name from its certificate")
        }
        let others =
            switch names.count {
            case 1: ""
            case 2: " (and 1 other name)"
            case let count: " (and \(count - 1) other names)"
            }
        return TLSFailure(
            .hostMismatch,
            "server certificate for \"\(text(first))\"\(others) does not match host name "
                + "\"\(PeerText.printable(host.utf8))\"")
    }

    private static func text(_ name: AlternativeName) -> String {
        switch name {
        case .dns(let bytes): PeerText.printable(bytes)
        case .address(let bytes): NumericAddress.text(bytes)
        }
    }
}

/// A host given by number, in every form that the system takes as one.
private struct NumericAddress {
    let ipv4: [UInt8]?
    let ipv6: [UInt8]?

    /// Nil where `host` is a name.
    init?(_ host: String) {
        var (four, six) = (in_addr(), in6_addr())
        // Not inet_pton: connecting takes forms such as `127.1` as well.
        ipv4 = unsafe inet_aton(host, &four) != 0 ? withUnsafeBytes(of: &four) { unsafe [UInt8]($0) } : nil
        ipv6 = unsafe inet_pton(AF_INET6, host, &six) == 1 ? withUnsafeBytes(of: &six) { unsafe [UInt8]($0) } : nil
        if ipv4 == nil, ipv6 == nil { return nil }
    }

    /// An address of 4 or 16 bytes as a person reads it.
    static func text(_ bytes: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard unsafe inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "an address" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
