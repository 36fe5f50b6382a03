import CSystemIO
import Glibc

/// How many processors the process may use at a time: those that it may run on, as far as the quota of its control groups
/// reaches, rounded down; at least one.
package enum ProcessorCount {
    /// What the process may use now.
    package static var available: Int {
        max(min(Int(csystemio_processors_allowed()), quota(rootedAt: "/sys/fs/cgroup", of: "/proc/self/cgroup")), 1)
    }

    /// The whole processors that the tightest quota on the way to the root allows (control groups of version 2).
    ///
    /// - Parameters:
    ///   - root: where control groups are mounted.
    ///   - membership: the file that names the group of the process.
    package static func quota(rootedAt root: String, of membership: String) -> Int {
        guard let groups = text(of: membership),
            var path = groups.split(separator: "\n").first(where: { $0.hasPrefix("0::/") })?.dropFirst(3)
        else { return .max }
        var least = Int.max
        while true {
            if let text = text(of: root + path + "/cpu.max"), let quota = wholeProcessors(text) {
                least = min(least, quota)
            }
            guard let slash = path.lastIndex(of: "/") else { return least }
            path = path[..<slash]
        }
    }

    /// What `cpu.max` allows: a quota and a period in microseconds; nil for no limit.
    private static func wholeProcessors(_ text: String) -> Int? {
        let fields = text.split(whereSeparator: \.isWhitespace).map { Int($0) }
        guard fields.count == 2, let quota = fields[0], let period = fields[1], quota > 0, period > 0 else {
            return nil
        }
        return quota / period
    }

    /// A small file's text; nil where it cannot be read.
    private static func text(of path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: bytesMax)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        return count >= 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }

    private static let bytesMax = 4096
}
