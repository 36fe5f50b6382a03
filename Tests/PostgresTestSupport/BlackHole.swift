import Glibc

/// An address that answers no attempt to connect: a listener whose queue is full, so the kernel drops what comes.
package final class BlackHole {
    private let listener: TestListener
    private var fillers: [Int32] = []

    /// Nil where the machine cannot listen on `127.0.0.1`.
    package init?() {
        guard let listener = TestListener(.ipv4, backlog: 0) else { return nil }
        self.listener = listener
        for _ in 0..<4 { fillers.append(Self.connect(to: listener.port)) }
    }

    deinit { for descriptor in fillers + [listener.descriptor] { close(descriptor) } }

    /// The URL of a connection that never comes about.
    package func url(_ parameters: String = "") -> String { listener.url(parameters, place: .ipv4) }

    /// The port on `127.0.0.1`.
    package var port: UInt16 { listener.port }

    private static func connect(to port: UInt16) -> Int32 {
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
