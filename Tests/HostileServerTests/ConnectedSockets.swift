import Glibc

/// The sockets of this process that are connected to a port, found without the kernel's long list of all of them.
enum ConnectedSockets {
    /// How many there are.
    static func count(to port: UInt16) -> Int { (0..<1024).count { peerPort(of: $0) == port } }

    private static func peerPort(of descriptor: Int32) -> UInt16? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getpeername(descriptor, address, &length)
            }
        }
        guard code == 0, address.sin_family == sa_family_t(AF_INET) else { return nil }
        return UInt16(bigEndian: address.sin_port)
    }
}
