/// Builds messages as a backend sends them, well-formed or deliberately not.
package struct BackendBytes: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Appends one message with a right length.
    package func message(_ type: Character, _ body: [UInt8] = []) -> BackendBytes {
        message(type, length: Int32(body.count + 4), body)
    }

    /// Appends one message with the length given, right or wrong.
    package func message(_ type: Character, length: Int32, _ body: [UInt8]) -> BackendBytes {
        var copy = self
        copy.bytes.append(type.asciiValue ?? 0)
        copy.bytes += Self.int32(length) + body
        return copy
    }

    /// Appends one DataRow with a right length and column count; nil is NULL.
    package func row(_ cells: [[UInt8]?]) -> BackendBytes {
        let fields = cells.map { cell in cell.map { Self.int32(Int32($0.count)) + $0 } ?? Self.int32(-1) }
        return message("D", Self.int16(Int16(cells.count)) + fields.joined())
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
