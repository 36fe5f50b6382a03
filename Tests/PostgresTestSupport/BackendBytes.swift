/// Builds messages as a backend sends them, well-formed or deliberately not.
package struct BackendBytes: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Begins with bytes that need be no message.
    package init(raw bytes: [UInt8]) { self.bytes = bytes }

    /// Appends one message with a right length.
    package consuming func message(_ type: Character, _ body: [UInt8] = []) -> BackendBytes {
        message(type, length: Int32(body.count + 4), body)
    }

    /// Appends one message with the length given, right or wrong.
    package consuming func message(_ type: Character, length: Int32, _ body: [UInt8]) -> BackendBytes {
        append(type, length: length, body)
        return self
    }

    /// Appends one DataRow with a right length and column count; nil is NULL.
    package consuming func row(_ cells: [[UInt8]?]) -> BackendBytes {
        append(row: cells)
        return self
    }

    // In place: long answers are built message by message.
    private mutating func append(_ type: Character, length: Int32, _ body: [UInt8]) {
        bytes.append(type.asciiValue ?? 0)
        bytes += Self.int32(length)
        bytes += body
    }

    mutating func append(row cells: [[UInt8]?]) {
        var body = Self.int16(Int16(cells.count))
        for cell in cells {
            body += Self.int32(cell.map { Int32($0.count) } ?? -1)
            if let cell { body += cell }
        }
        append("D", length: Int32(body.count + 4), body)
    }

    /// One message so many times.
    package static func repeated(_ message: [UInt8], count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(message.count * count)
        for _ in 0..<count { bytes += message }
        return bytes
    }

    /// A String field: the text and its terminator.
    package static func string(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

    package static func int16(_ value: Int16) -> [UInt8] { bigEndian(value) }

    package static func int32(_ value: Int32) -> [UInt8] { bigEndian(value) }

    package static func int64(_ value: Int64) -> [UInt8] { bigEndian(value) }

    private static func bigEndian<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
        (0..<Integer.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: value >> Integer($0 * 8)) }
    }
}
