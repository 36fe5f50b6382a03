import Foundation

/// What was measured on.
struct Machine: Sendable, Encodable {
    let processor: String
    let cores: Int
    let memoryMiB: Int
    let kernel: String
    let swift: String
    let postgres: String
    let libpq: String
    let openssl: String

    /// Asks the machine. What it cannot say is "unknown".
    static func here(postgres: String, scratch: Scratch) async -> Machine {
        func ask(_ words: String...) async -> String {
            await Command(words: words, scratch: scratch).firstLine() ?? "unknown"
        }
        let swift = await ask("swift", "--version")
        return Machine(
            processor: field("model name", of: "/proc/cpuinfo") ?? "unknown processor", cores: coreCount,
            memoryMiB: (field("MemTotal", of: "/proc/meminfo")?.split(separator: " ").first.flatMap { Int($0) } ?? 0)
                / 1024,
            kernel: await ask("uname", "-sr"), swift: swift, postgres: postgres,
            libpq: await ask("pg_config", "--version"), openssl: await ask("openssl", "version"))
    }

    static var coreCount: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// A short name for folders, such as `amd-epyc-2-cores`.
    var slug: String {
        let model = processor.replacing("(R)", with: "").replacing("(TM)", with: "").split(separator: "@")[0]
        let words = model.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let kept = words.filter { !["cpu", "processor", "core"].contains($0) && !$0.hasSuffix("th") }
        return (kept.prefix(5) + ["\(cores)", cores == 1 ? "core" : "cores"]).joined(separator: "-")
    }

    /// A Markdown list.
    var text: String {
        """
        - Processor: \(processor), \(cores) cores; \(memoryMiB) MiB of memory; \(kernel)
        - Swift: \(swift)
        - \(postgres); libpq from \(libpq); \(openssl)
        """
    }

    private static func field(_ name: String, of file: String) -> String? {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { return parts[1].trimmingCharacters(in: .whitespaces) }
        }
        return nil
    }
}
