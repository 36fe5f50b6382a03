import PostgresWire

/// Writes the elements of one array, in binary or in the text form. A codec of a whole array calls `list` once for every
/// dimension.
public struct PostgresArrayWriter {
    private var bytes: [UInt8]
    private let elementType: PostgresType
    private let isText: Bool
    /// Whether the text form has braces; that of a vector has none.
    private let hasBraces: Bool
    private let delimiter: UInt8
    /// The counts of the dimensions from the outermost to the innermost, as far as they are known.
    private var counts: [Int] = []
    private var depth = 0
    private var hasNull = false
    private var needsDelimiter = false
    /// An element would not be written in binary: what was written is thrown away and begun again as text.
    private var needsText = false

    private init(binary elementType: PostgresType) {
        bytes = []
        self.elementType = elementType
        isText = false
        hasBraces = false
        delimiter = UInt8(ascii: ",")
    }

    private init(textOf type: PostgresType) {
        bytes = []
        elementType = .unspecified
        isText = true
        hasBraces = !type.isVector
        delimiter =
            switch type {
            case .boxArray: UInt8(ascii: ";")
            case .int2vector, .oidvector: UInt8(ascii: " ")
            default: UInt8(ascii: ",")
            }
    }

    /// Writes the list of a dimension: `body` appends `count` elements, or calls this again for each.
    ///
    /// - Throws: `parameterInvalid` where the list is longer or shorter than its neighbours, or lies too deep.
    public mutating func list(
        _ count: Int, _ body: (inout PostgresArrayWriter) throws(PostgresError) -> Void
    ) throws(PostgresError) {
        if depth == counts.count {
            guard depth < PostgresArrayElements.dimensionsMax else { throw .arrayTooDeep }
            counts.append(count)
        }
        guard counts[depth] == count else { throw .arrayUneven }
        depth += 1
        delimit()
        if hasBraces { bytes.append(UInt8(ascii: "{")) }
        needsDelimiter = false
        try body(&self)
        needsDelimiter = true
        if hasBraces { bytes.append(UInt8(ascii: "}")) }
        depth -= 1
    }

    /// Writes one element, nil as NULL.
    ///
    /// - Throws: `parameterInvalid` where the value cannot be written as the array's element.
    public mutating func append<Value: PostgresEncodable>(_ value: Value?) throws(PostgresError) {
        guard !needsText else { return }
        delimit()
        needsDelimiter = true
        guard let value else { return appendNull() }
        guard !isText else { return try appendText(value) }
        let start = bytes.count
        bytes.append(bigEndian: Int32(0))
        guard try value.encode(into: &bytes, as: elementType) == .binary else {
            needsText = true
            return
        }
        if elementType.isTextInBinary { try bytes.checkText(from: start + 4, of: Value.self) }
        guard let length = Int32(exactly: bytes.count - start - 4) else {
            throw PostgresError(.parameterInvalid, "cannot encode an element of 2 GiB or more")
        }
        bytes.replace(bigEndian: length, at: start)
    }

    private mutating func delimit() {
        if isText, needsDelimiter { bytes.append(delimiter) }
    }

    private mutating func appendNull() {
        hasNull = true
        if isText { bytes += "NULL".utf8 } else { bytes.append(bigEndian: Int32(-1)) }
    }

    private mutating func appendText<Value: PostgresEncodable>(_ value: Value) throws(PostgresError) {
        var text: [UInt8] = []
        try value.encodeText(into: &text)
        if needsQuotes(text) { bytes.append(quoting: text) } else { bytes += text }
    }

    /// Whether an element would be read as something else without quotes; the server quotes the same ones.
    private func needsQuotes(_ text: [UInt8]) -> Bool {
        guard !text.isEmpty, text.count != 4 || !text.map({ $0 & 0xDF }).elementsEqual("NULL".utf8) else { return true }
        return text.contains { byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: " "),
                9...13, delimiter:
                true
            default: false
            }
        }
    }
}

extension PostgresArrayWriter {
    /// Appends an array as the type, in binary where the type of the elements is known and each can be written so.
    static func write<Value>(
        into bytes: inout [UInt8], as type: PostgresType, lowerBounds: [Int32] = [], for value: Value.Type,
        _ body: (inout PostgresArrayWriter) throws(PostgresError) -> Void
    ) throws(PostgresError) -> PostgresCell.Format {
        guard type.isBuiltIn else {
            try writeText(into: &bytes, as: type, lowerBounds, body)
            return .text
        }
        guard let elementType = type.elementType else { throw .cannotEncode(Value.self, as: type) }
        let start = bytes.count
        var writer = PostgresArrayWriter(binary: elementType)
        swap(&writer.bytes, &bytes)
        defer { swap(&writer.bytes, &bytes) }
        writer.bytes.append(contentsOf: repeatElement(0, count: headerBytes(dimensions: 1)))
        try body(&writer)
        guard !type.isVector || writer.isVector(lowerBounds) else { throw .noVector(type) }
        // The server makes an array without dimensions of an empty one in binary, and then finds that it is no vector.
        guard writer.needsText || type.isVector && writer.isEmpty else {
            writer.writeHeader(at: start, type.isVector ? [0] : lowerBounds)
            return .binary
        }
        writer.bytes.removeSubrange(start...)
        try writeText(into: &writer.bytes, as: type, lowerBounds, body)
        return .text
    }

    /// Appends an array's text form; the type says what stands between two elements.
    static func writeText(
        into bytes: inout [UInt8], as type: PostgresType, _ lowerBounds: [Int32] = [],
        _ body: (inout PostgresArrayWriter) throws(PostgresError) -> Void
    ) throws(PostgresError) {
        var writer = PostgresArrayWriter(textOf: type)
        try body(&writer)
        guard !type.isVector else {
            guard writer.isVector(lowerBounds) else { throw .noVector(type) }
            bytes += writer.bytes
            return
        }
        // An array without elements has no dimensions.
        guard !writer.isEmpty else {
            bytes += "{}".utf8
            return
        }
        if lowerBounds.contains(where: { $0 != 1 }) {
            for (lower, count) in zip(lowerBounds, writer.counts) {
                bytes += "[\(lower):\(Int(lower) + count - 1)]".utf8
            }
            bytes.append(UInt8(ascii: "="))
        }
        bytes += writer.bytes
    }

    private var isEmpty: Bool { counts.contains(0) }

    /// Whether what was written can be a vector, which has one dimension, also where it is empty, 0 as its lower bound and
    /// no NULL.
    private func isVector(_ lowerBounds: [Int32]) -> Bool {
        counts.count <= 1 && !hasNull && lowerBounds.allSatisfy { $0 == 0 }
    }

    private static func headerBytes(dimensions: Int) -> Int { 12 + 8 * dimensions }

    /// Writes the header into the room that was left for that of one dimension.
    private mutating func writeHeader(at start: Int, _ lowerBounds: [Int32]) {
        let dimensions = isEmpty ? [] : counts
        let elements = start + Self.headerBytes(dimensions: 1)
        var header: [UInt8] = []
        header.append(bigEndian: Int32(dimensions.count))
        header.append(bigEndian: Int32(hasNull ? 1 : 0))
        header.append(bigEndian: elementType.rawValue)
        for (index, count) in dimensions.enumerated() {
            header.append(bigEndian: Int32(truncatingIfNeeded: count))
            header.append(bigEndian: index < lowerBounds.count ? lowerBounds[index] : 1)
        }
        bytes.replaceSubrange(start..<elements, with: header)
    }
}

extension PostgresError {
    fileprivate static func noVector(_ type: PostgresType) -> PostgresError {
        PostgresError(
            .parameterInvalid, "cannot encode an array as \(type) that has NULLs, two dimensions or indices not from 0")
    }

    fileprivate static var arrayUneven: PostgresError {
        PostgresError(.parameterInvalid, "cannot encode an array whose inner arrays differ in length")
    }

    fileprivate static var arrayTooDeep: PostgresError {
        let limit = PostgresArrayElements.dimensionsMax
        return PostgresError(.parameterInvalid, "cannot encode an array of more than \(limit) dimensions")
    }
}

extension [UInt8] {
    /// Appends text in double quotes, with a backslash before what would end them.
    mutating func append(quoting text: [UInt8]) {
        append(UInt8(ascii: "\""))
        for byte in text {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { append(UInt8(ascii: "\\")) }
            append(byte)
        }
        append(UInt8(ascii: "\""))
    }
}
