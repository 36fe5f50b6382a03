import Glibc

/// A listening socket for the servers of tests, on a port or a name that nobody else has.
package struct TestListener: Sendable {
    /// Where it listens.
    package enum Place: Hashable, Sendable, CaseIterable {
        /// `127.0.0.1`, on a port that the kernel chose.
        case ipv4
        /// `::1`, on a port that the kernel chose.
        case ipv6
        /// A name in Linux's abstract namespace.
        case abstractUnix
    }

    /// The directory that a connection URL names as host; empty for TCP.
    package let directory: String
    /// The port, also the one in the name of a Unix socket.
    package let port: UInt16
    let descriptor: Int32

    /// Nil where the machine has no such address. `backlog` is `listen`'s.
    package init?(_ place: Place, backlog: Int32 = 64) {
        directory = place == .abstractUnix ? "@pg-test-\(getpid())-\(UInt64.random(in: .min ... .max))" : ""
        let family = [.ipv4: AF_INET, .ipv6: AF_INET6][place] ?? AF_UNIX
        descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let isBound =
            switch place {
            case .ipv4: Self.bindIPv4(descriptor)
            case .ipv6: Self.bindIPv6(descriptor)
            case .abstractUnix: Self.bindUnix(descriptor, name: "\(directory.dropFirst())/.s.PGSQL.5432")
            }
        guard descriptor >= 0, isBound, listen(descriptor, backlog) == 0 else {
            Glibc.close(descriptor)
            return nil
        }
        port = place == .abstractUnix ? 5432 : Self.port(of: descriptor)
    }

    /// The URL for a connection as `tester` with the password `TestListener.password`.
    package func url(_ parameters: String = "", place: Place) -> String {
        let login = "tester:\(Self.password)"
        // Tests that compute keep others from the pool's threads for longer than the default of ten seconds.
        let patience = parameters.contains("connect_timeout") ? "" : "&connect_timeout=60"
        let more = parameters.isEmpty ? patience : "&\(parameters)\(patience)"
        return switch place {
        case .ipv4: "postgres://\(login)@127.0.0.1:\(port)/shop?sslmode=disable\(more)"
        case .ipv6: "postgres://\(login)@[::1]:\(port)/shop?sslmode=disable\(more)"
        case .abstractUnix: "postgres://\(login)@/shop?host=%40\(directory.dropFirst())\(more)"
        }
    }

    /// Stops listening.
    package func close() { Glibc.close(descriptor) }

    /// A password that is easily found in whatever it must not be found in.
    package static let password = "pw-geheim-4711"

    private static func bindIPv4(_ descriptor: Int32) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return bind(descriptor, &address)
    }

    private static func bindIPv6(_ descriptor: Int32) -> Bool {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        return bind(descriptor, &address)
    }

    private static func bindUnix(_ descriptor: Int32, name: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let offset = MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path)
        unsafe withUnsafeMutableBytes(of: &address) { bytes in
            for (index, byte) in name.utf8.enumerated() { unsafe bytes[offset + 1 + index] = byte }
        }
        return bind(descriptor, &address, length: offset + 1 + name.utf8.count)
    }

    private static func bind<Address>(_ descriptor: Int32, _ address: inout Address, length: Int? = nil) -> Bool {
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe Glibc.bind(descriptor, address, socklen_t(length ?? MemoryLayout<Address>.size)) == 0
            }
        }
    }

    private static func port(of descriptor: Int32) -> UInt16 {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = unsafe getsockname(descriptor, address, &length)
            }
        }
        // The port lies at the same place in both families' addresses.
        return UInt16(bigEndian: address.sin6_port)
    }

    /// Begins to connect to a port of `127.0.0.1` without waiting for the end of that.
    static func connect(to port: UInt16) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_INET, type, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = port.bigEndian
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = unsafe Glibc.connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return descriptor
    }
}
