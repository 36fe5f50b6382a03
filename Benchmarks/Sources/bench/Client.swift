import Glibc

/// One program that reads the narrow table, and the arguments that it takes behind the URL.
struct Client: Hashable {
    let name: String
    let program: String
    let arguments: String

    /// What every Swift process has resident.
    static let nothing = Client(name: "a Swift program that does nothing", program: "nothing", arguments: "")
    /// What everything is compared with.
    static let libpq = Client(name: "libpq, single-row mode, binary", program: "narrow-libpq", arguments: "")

    static let all =
        [nothing, libpq]
        + ["loop", "pool"].flatMap { place in
            ["chunks", "struct", "tuple", "rows"].map { shape in
                Client(
                    name: "\(shape), \(place == "loop" ? "on the event loop" : "on Swift's pool")", program: "narrow",
                    arguments: "\(shape) \(place)")
            }
        }

    /// Runs the program in a process of its own and reads the line that it prints.
    func run(url: String) throws -> Sample {
        let directory = CommandLine.arguments[0].split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let path = (directory + [Substring(program)]).joined(separator: "/")
        guard let pipe = unsafe popen("'\(path)' '\(url)' \(arguments)", "r") else { throw Failure.notStarted(name) }
        var line = [CChar](repeating: 0, count: 1024)
        _ = unsafe fgets(&line, Int32(line.count), pipe)
        let status = unsafe pclose(pipe)
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard status == 0, let sample = Sample(text) else { throw Failure.failed(name) }
        return sample
    }

    enum Failure: Error {
        case notStarted(String)
        case failed(String)
    }
}

/// What one run of one client took.
struct Sample {
    let rows: Int
    let sum: Int64
    let cpuNanoseconds: Double
    let wallNanoseconds: Double
    let residentKiB: Int

    /// Reads `rows=… sum=… cpu_ns=… wall_ns=… rss_kib=…`.
    init?(_ line: String) {
        var values: [Substring: Int] = [:]
        for field in line.split(whereSeparator: \.isWhitespace) {
            let parts = field.split(separator: "=")
            guard parts.count == 2, let value = Int(parts[1]) else { return nil }
            values[parts[0]] = value
        }
        guard let rows = values["rows"], let sum = values["sum"], let cpu = values["cpu_ns"],
            let wall = values["wall_ns"], let resident = values["rss_kib"]
        else { return nil }
        (self.rows, self.sum, residentKiB) = (rows, Int64(sum), resident)
        (cpuNanoseconds, wallNanoseconds) = (Double(cpu), Double(wall))
    }
}
