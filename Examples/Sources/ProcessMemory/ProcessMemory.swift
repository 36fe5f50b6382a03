import Glibc

/// How much memory this process occupies, in the kernel's own count.
public enum ProcessMemory {
    /// The bytes that are resident now.
    public static var residentBytes: Int { kilobytes("VmRSS:") * 1024 }

    /// The most bytes that were ever resident at once.
    public static var residentBytesMax: Int { kilobytes("VmHWM:") * 1024 }

    /// Returns the value of a line such as `VmRSS:     9216 kB`; zero where the kernel has no such line.
    private static func kilobytes(_ name: String) -> Int {
        let file = unsafe open("/proc/self/status", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe read(file, &buffer, buffer.count)
        let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }
}
