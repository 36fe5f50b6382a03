import Glibc

/// How much memory the process holds, as the kernel counts it.
enum ResidentMemory {
    /// Begins to look for a new peak; returns what is held now, in bytes.
    static func beginPeak() -> Int {
        let file = unsafe fopen("/proc/self/clear_refs", "w")
        if let file = unsafe file {
            unsafe fputs("5", file)
            unsafe fclose(file)
        }
        return bytes("VmRSS:")
    }

    /// The most that was held since the beginning, in bytes.
    static var peak: Int { bytes("VmHWM:") }

    private static func bytes(_ name: String) -> Int {
        let lines = TextFile.read("/proc/self/status").split(separator: "\n")
        let words = lines.first { $0.hasPrefix(name) }?.split(whereSeparator: { $0 == " " || $0 == "\t" })
        return (words?.dropFirst().first.flatMap { Int($0) } ?? 0) << 10
    }
}
