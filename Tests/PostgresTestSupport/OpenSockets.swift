import Glibc
import PostgresTesting

/// The TCP sockets that this process holds, as the kernel lists them: also those that are not connected yet.
package enum OpenSockets {
    /// The descriptors of the sockets that are, or are about to be, connected to a port.
    package static func descriptors(to port: UInt16) -> [Int32] {
        let open = Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap { nodes(in: $0, to: port) })
        return directoryEntries("/proc/self/fd").compactMap { Int32($0) }.filter { descriptor in
            linkTarget("/proc/self/fd/\(descriptor)").map { open.contains($0) } ?? false
        }
    }

    /// The option of a socket; nil where it has none such.
    package static func option(_ descriptor: Int32, level: Int32, _ option: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return unsafe getsockopt(descriptor, level, option, &value, &length) == 0 ? value : nil
    }

    /// The third column is the peer's address and its port in hexadecimal digits, the tenth the node.
    private static func nodes(in table: String, to port: UInt16) -> [String] {
        let descriptor = unsafe open(table, O_RDONLY)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let text = String(decoding: readBytes(from: descriptor, max: 1 << 24), as: UTF8.self)
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let columns = line.split(separator: " ")
            guard columns.count > 9, let peer = columns[2].split(separator: ":").last, UInt16(peer, radix: 16) == port
            else { return nil }
            return "socket:[\(columns[9])]"
        }
    }
}
