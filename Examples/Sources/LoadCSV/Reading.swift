import Glibc
import PostgresStreaming

/// A line of the file.
struct Reading {
    let id: Int
    let station: String
    let value: Double
    let isValid: Bool
    let day: PostgresDate

    init(_ line: Substring) throws(MalformedLine) {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == 5, let id = Int(fields[0]), let value = Double(fields[2]),
            let day = PostgresDate(String(fields[4]))
        else { throw MalformedLine(line: String(line)) }
        (self.id, station, self.value, isValid, self.day) = (id, String(fields[1]), value, fields[3] == "t", day)
    }

    /// All lines of a file.
    static func all(in path: String) throws -> [Reading] {
        guard let file = unsafe fopen(path, "r") else { throw MalformedLine(line: "cannot open \(path)") }
        defer { unsafe fclose(file) }
        var readings: [Reading] = []
        var buffer = [CChar](repeating: 0, count: 4096)
        while unsafe fgets(&buffer, Int32(buffer.count), file) != nil {
            let bytes = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
            readings.append(try Reading(Substring(decoding: bytes, as: UTF8.self)))
        }
        return readings
    }
}

/// A line that is no reading.
struct MalformedLine: Error {
    let line: String
}
