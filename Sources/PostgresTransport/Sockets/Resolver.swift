import Glibc

/// Turns host names into addresses.
package enum Resolver {
    /// Returns the addresses of `host` in the order the system prefers, IPv6 and IPv4 mixed; never an empty list.
    ///
    /// A numeric address is answered at once. Anything else asks `getaddrinfo`, which blocks, on a thread of its own.
    package nonisolated(nonsending) static func resolve(
        host: String, port: UInt16, on loop: EventLoop, deadline: MonotonicTime?
    ) async throws(TransportError) -> [SocketAddress] {
        if case .success(let addresses) = lookUp(host, port, flags: AI_NUMERICHOST) { return addresses }
        let result = try await BlockingWork.run(on: loop, deadline: deadline) { lookUp(host, port, flags: 0) }
        return try result.get()
    }

    /// Returns the address that `text` itself is; no name is looked up.
    package static func address(numeric text: String, port: UInt16) throws(TransportError) -> SocketAddress {
        let addresses = try lookUp(text, port, flags: AI_NUMERICHOST).get()
        guard let address = addresses.first else { throw .unresolved(host: text, reason: "not a numeric address") }
        return address
    }

    private static func lookUp(
        _ host: String, _ port: UInt16, flags: Int32
    ) -> Result<[SocketAddress], TransportError> {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = flags | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, String(port), &hints, &list)
        defer { unsafe freeaddrinfo(list) }
        guard code == 0 else {
            let reason = unsafe gai_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
            return .failure(.unresolved(host: host, reason: reason))
        }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe SocketAddress(entry.pointee.ai_addr, length: entry.pointee.ai_addrlen) {
                addresses.append(address)
            }
            unsafe next = entry.pointee.ai_next
        }
        return addresses.isEmpty
            ? .failure(.unresolved(host: host, reason: "no IPv4 or IPv6 address")) : .success(addresses)
    }
}
