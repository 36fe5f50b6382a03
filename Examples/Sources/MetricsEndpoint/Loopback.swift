import Glibc

/// The few calls of the system that a small server needs. No client keeps it waiting for more than some seconds.
enum Loopback {
    private static let requestBytesMax = 8192

    static func listen(on port: UInt16) -> (descriptor: Int32, port: UInt16)? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var (address, length) = (sockaddr_in(), socklen_t(MemoryLayout<sockaddr_in>.size))
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = port.bigEndian
        let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, length) == 0 && Glibc.listen(descriptor, 16) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        return isListening ? (descriptor, UInt16(bigEndian: address.sin_port)) : nil
    }

    /// Reads the head of a request; nil where it is too long or does not come.
    static func readRequest(from client: Int32) -> String? {
        var (bytes, count) = ([UInt8](repeating: 0, count: requestBytesMax), 0)
        for _ in 0..<16 where count < bytes.count {
            var poller = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&poller, 1, 250) > 0 else { return nil }
            let read = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe recv(client, buffer.baseAddress?.advanced(by: count), buffer.count - count, 0)
            }
            guard read > 0 else { return nil }
            count += read
            if bytes[..<count].suffix(4) == [13, 10, 13, 10] {
                return String(decoding: bytes[..<count], as: UTF8.self)
            }
        }
        return nil
    }

    static func send(_ text: String, to client: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            var poller = pollfd(fd: client, events: Int16(POLLOUT), revents: 0)
            guard unsafe poll(&poller, 1, 1000) > 0 else { return }
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.send(client, $0.baseAddress, $0.count, flags) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
