import PostgresWire

extension PostgresRange: PostgresEncodable, PostgresEncodableElement where Bound: PostgresEncodable {
    /// The bounds'.
    public static var infersPostgresType: Bool { Bound.infersPostgresType }

    /// The built-in range over the bounds' type, such as `int8range`; else the server infers it.
    public static var postgresType: PostgresType { Bound.postgresType.rangeType ?? .unspecified }

    /// Binary where the type is built in, else text.
    public static var postgresFormat: PostgresCell.Format { postgresType == .unspecified ? .text : .binary }

    /// Appends the range.
    public func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        guard Self.postgresFormat == .binary else { return try encodeText(into: &bytes) }
        _ = try encodeBinary(into: &bytes, boundType: Bound.postgresType)
    }

    /// Appends the text form (manual: "Range Input/Output").
    public func encodeText(into bytes: inout [UInt8]) throws(PostgresError) {
        guard !isEmpty else {
            bytes += "empty".utf8
            return
        }
        if case .inclusive = lower { bytes.append(UInt8(ascii: "[")) } else { bytes.append(UInt8(ascii: "(")) }
        if let value = lower.value { try Self.append(value, to: &bytes) }
        bytes.append(UInt8(ascii: ","))
        if let value = upper.value { try Self.append(value, to: &bytes) }
        if case .inclusive = upper { bytes.append(UInt8(ascii: "]")) } else { bytes.append(UInt8(ascii: ")")) }
    }

    private static func append(_ value: Bound, to bytes: inout [UInt8]) throws(PostgresError) {
        var text: [UInt8] = []
        try value.encodeText(into: &text)
        // What the server would read otherwise, it quotes as well.
        let isPlain = !text.isEmpty && text.allSatisfy { !"\"\\()[], ".utf8.contains($0) }
        if isPlain { bytes += text } else { bytes.append(quoting: text) }
    }

    /// Appends the range over bounds of the type that the server's range has, or as text for types that are not built in.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        if type == .unspecified {
            try encode(into: &bytes)
            return Self.postgresFormat
        }
        if let boundType = type.boundType, boundType.rangeType == type {
            let start = bytes.count
            if try encodeBinary(into: &bytes, boundType: boundType) { return .binary }
            bytes.removeSubrange(start...)
        } else if type.isBuiltIn {
            throw .cannotEncode(PostgresRange.self, as: type)
        }
        try encodeText(into: &bytes)
        return .text
    }

    /// Appends the binary form; false where a bound cannot be written so.
    func encodeBinary(into bytes: inout [UInt8], boundType: PostgresType) throws(PostgresError) -> Bool {
        guard !isEmpty else {
            bytes.append(RangeFlag.empty)
            return true
        }
        var flags: UInt8 = 0
        switch lower {
        case .unbounded: flags |= RangeFlag.lowerUnbounded
        case .inclusive: flags |= RangeFlag.lowerInclusive
        case .exclusive: break
        }
        switch upper {
        case .unbounded: flags |= RangeFlag.upperUnbounded
        case .inclusive: flags |= RangeFlag.upperInclusive
        case .exclusive: break
        }
        bytes.append(flags)
        for case .some(let value) in [lower.value, upper.value] {
            let start = bytes.count
            bytes.append(bigEndian: Int32(0))
            guard try value.encode(into: &bytes, as: boundType) == .binary else { return false }
            bytes.replace(bigEndian: Int32(truncatingIfNeeded: bytes.count - start - 4), at: start)
        }
        return true
    }
}

extension PostgresRange: CustomStringConvertible where Bound: PostgresEncodable {
    /// The text form, such as `[1,5)`.
    public var description: String {
        var bytes: [UInt8] = []
        try? encodeText(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension PostgresRange: LosslessStringConvertible where Bound: PostgresEncodable & PostgresDecodable {
    /// Reads the text form; nil where a bound is none of `Bound`.
    public init?(_ description: String) {
        let bytes = Array(description.utf8)
        var reader = TextReader(bytes.rawSpan)
        guard let text = reader.range(), reader.isAtEnd,
            let range = try? PostgresRange(text, boundType: Bound.naturalType)
        else { return nil }
        self = range
    }
}
