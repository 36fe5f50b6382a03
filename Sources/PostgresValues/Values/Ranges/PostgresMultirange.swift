import PostgresWire

/// A multirange: ranges in ascending order with gaps between them, as the server keeps them.
public struct PostgresMultirange<Bound> {
    /// The ranges.
    public let ranges: [PostgresRange<Bound>]

    /// Creates a multirange. The server sorts and joins the ranges, and leaves out empty ones.
    public init(_ ranges: [PostgresRange<Bound>]) { self.ranges = ranges }
}

extension PostgresMultirange: Equatable where Bound: Equatable {}
extension PostgresMultirange: Hashable where Bound: Hashable {}
extension PostgresMultirange: Sendable where Bound: Sendable {}

extension PostgresMultirange where Bound: Comparable {
    /// Whether a value belongs to one of the ranges.
    public func contains(_ value: Bound) -> Bool { ranges.contains { $0.contains(value) } }
}

extension PostgresMultirange: PostgresDecodable, PostgresDecodableElement where Bound: PostgresDecodable {
    /// Decodes a multirange whose bounds `Bound` decodes. Those that users define decode as text only.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard let boundType = cell.type.multirangeBoundType else {
            guard !cell.type.isBuiltIn, cell.format == .text else { throw cell.typeMismatch(PostgresMultirange.self) }
            try self.init(text: cell, boundType: Bound.naturalType)
            return
        }
        // No bytes at all are a question about the type alone.
        if cell.bytes.byteCount == 0 { try cell.reinterpreted(as: boundType).checkType(Bound.self) }
        if cell.format == .binary {
            try self.init(binary: cell, boundType: boundType)
        } else {
            try self.init(text: cell, boundType: boundType)
        }
        // Where there is no bound nobody has asked whether the types fit.
        guard !ranges.contains(where: \.hasBound) else { return }
        try PostgresCell(RawSpan(), type: boundType, format: cell.format).checkType(Bound.self)
    }

    /// Reads a count and so many ranges, each with its length (`multirange_send` in the server).
    private init(binary cell: borrowing PostgresCell, boundType: PostgresType) throws(PostgresError) {
        guard let rangeType = boundType.rangeType else { throw cell.typeMismatch(PostgresMultirange.self) }
        var reader = BinaryReader(cell.bytes)
        guard let count = reader.integer(Int32.self), count >= 0 else { throw cell.malformed(PostgresMultirange.self) }
        var ranges: [PostgresRange<Bound>] = []
        for _ in 0..<count {
            guard let length = reader.integer(Int32.self), let bytes = reader.span(Int(length)) else {
                throw cell.malformed(PostgresMultirange.self)
            }
            let range = PostgresCell(bytes, type: rangeType, format: .binary)
            ranges.append(try PostgresRange(binary: range, boundType: boundType))
        }
        guard reader.isAtEnd else { throw cell.malformed(PostgresMultirange.self) }
        self.init(ranges)
    }

    private init(text cell: borrowing PostgresCell, boundType: PostgresType) throws(PostgresError) {
        var reader = TextReader(cell.bytes)
        guard let texts = reader.multirange(), reader.isAtEnd else { throw cell.malformed(PostgresMultirange.self) }
        try self.init(texts, boundType: boundType)
    }

    fileprivate init(_ texts: [RangeText], boundType: PostgresType) throws(PostgresError) {
        var ranges: [PostgresRange<Bound>] = []
        for text in texts { ranges.append(try PostgresRange(text, boundType: boundType)) }
        self.init(ranges)
    }
}

extension PostgresMultirange: PostgresEncodable, PostgresEncodableElement where Bound: PostgresEncodable {
    /// The built-in multirange over the bounds' type, such as `int8multirange`; else the server infers it.
    public static var postgresType: PostgresType { Bound.postgresType.multirangeType ?? .unspecified }

    /// Binary where the type is built in, else text.
    public static var postgresFormat: PostgresCell.Format { postgresType == .unspecified ? .text : .binary }

    /// Appends the multirange.
    public func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        guard Self.postgresFormat == .binary else { return try encodeText(into: &bytes) }
        _ = try encodeBinary(into: &bytes, boundType: Bound.postgresType)
    }

    /// Appends the ranges' text forms in braces.
    public func encodeText(into bytes: inout [UInt8]) throws(PostgresError) {
        bytes.append(UInt8(ascii: "{"))
        for (index, range) in ranges.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            try range.encodeText(into: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Appends the multirange over bounds of the type that the server's has, or as text for types that are not built in.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        if type == .unspecified {
            try encode(into: &bytes)
            return Self.postgresFormat
        }
        if let boundType = type.multirangeBoundType {
            let start = bytes.count
            if try encodeBinary(into: &bytes, boundType: boundType) { return .binary }
            bytes.removeSubrange(start...)
        } else if type.isBuiltIn {
            throw .cannotEncode(PostgresMultirange.self, as: type)
        }
        try encodeText(into: &bytes)
        return .text
    }

    private func encodeBinary(into bytes: inout [UInt8], boundType: PostgresType) throws(PostgresError) -> Bool {
        bytes.append(bigEndian: Int32(truncatingIfNeeded: ranges.count))
        for range in ranges {
            let start = bytes.count
            bytes.append(bigEndian: Int32(0))
            guard try range.encodeBinary(into: &bytes, boundType: boundType) else { return false }
            bytes.replace(bigEndian: Int32(truncatingIfNeeded: bytes.count - start - 4), at: start)
        }
        return true
    }
}

extension PostgresMultirange: CustomStringConvertible where Bound: PostgresEncodable {
    /// The text form, such as `{[1,5),[7,9)}`.
    public var description: String {
        var bytes: [UInt8] = []
        try? encodeText(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension PostgresMultirange: LosslessStringConvertible where Bound: PostgresEncodable & PostgresDecodable {
    /// Reads the text form; nil where a bound is none of `Bound`.
    public init?(_ description: String) {
        let bytes = Array(description.utf8)
        var reader = TextReader(bytes.rawSpan)
        guard let texts = reader.multirange(), reader.isAtEnd,
            let value = try? PostgresMultirange(texts, boundType: Bound.naturalType)
        else { return nil }
        self = value
    }
}

extension TextReader {
    /// Reads ranges in braces.
    @_lifetime(self: copy self)
    fileprivate mutating func multirange() -> [RangeText]? {
        guard skip("{") else { return nil }
        if skip("}") { return [] }
        var ranges: [RangeText] = []
        repeat {
            guard let range = range() else { return nil }
            ranges.append(range)
        } while skip(",")
        return skip("}") ? ranges : nil
    }
}
