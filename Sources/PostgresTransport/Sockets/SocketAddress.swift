import CSystemIO
import Glibc

/// Where a server listens: an IPv4, IPv6 or Unix-domain address in the form the kernel takes.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// A `sockaddr` of the family's own layout.
    let bytes: [UInt8]
    /// `AF_INET`, `AF_INET6` or `AF_UNIX`.
    package let family: Int32
    /// The address as a person reads it: `127.0.0.1:5432`, `[::1]:5432` or a path.
    package let description: String

    /// Whether it is a Unix-domain socket, which only this machine can reach.
    package var isUnix: Bool { family == AF_UNIX }

    /// Creates the address of a Unix-domain socket; a leading `@` names one of the abstract namespace.
    ///
    /// Nil where the path is empty, holds a NUL or is longer than the kernel's limit (107 bytes).
    package init?(unixPath path: String) {
        var name = Array(path.utf8)
        guard !name.isEmpty, !name.contains(0) else { return nil }
        let isAbstract = name[0] == UInt8(ascii: "@")
        if isAbstract { name[0] = 0 } else { name.append(0) }
        var address = sockaddr_un()
        guard name.count <= MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        let all = unsafe withUnsafeBytes(of: &address) { unsafe [UInt8]($0) }
        let pathOffset = all.count - MemoryLayout.size(ofValue: address.sun_path)
        bytes = all[..<pathOffset] + name
        family = AF_UNIX
        description = path
    }

    /// Copies an Internet address that the resolver returned; nil for any other family.
    @unsafe
    init?(_ address: UnsafePointer<sockaddr>, length: socklen_t) {
        family = Int32(unsafe address.pointee.sa_family)
        guard family == AF_INET || family == AF_INET6 else { return nil }
        bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: address, count: Int(length)))
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
        let code = unsafe getnameinfo(
            address, length, &host, socklen_t(host.count), &port, socklen_t(port.count), NI_NUMERICHOST | NI_NUMERICSERV
        )
        guard code == 0 else { return nil }
        let (hostText, portText) = (Self.text(host), Self.text(port))
        description = family == AF_INET6 ? "[\(hostText)]:\(portText)" : "\(hostText):\(portText)"
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
