import PostgresWire

extension PostgresRange: PostgresDecodable, PostgresDecodableElement where Bound: PostgresDecodable {
    /// Decodes a range whose bounds `Bound` decodes.
    ///
    /// - Throws: `typeMismatch` for a column that is no range over such values; ranges that users define decode as text
    ///   only, because their binary form does not say what they are over.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard let boundType = cell.type.rangeBoundType else {
            guard !cell.type.isBuiltIn, cell.format == .text else { throw cell.typeMismatch(PostgresRange.self) }
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
        guard !hasBound else { return }
        try PostgresCell(RawSpan(), type: boundType, format: cell.format).checkType(Bound.self)
    }

    /// Reads the flags and for each bound a length and its bytes.
    init(binary cell: borrowing PostgresCell, boundType: PostgresType) throws(PostgresError) {
        var reader = BinaryReader(cell.bytes)
        guard let flags = reader.integer(UInt8.self), flags & ~RangeFlag.all == 0 else {
            throw cell.malformed(PostgresRange.self)
        }
        if flags & RangeFlag.empty != 0 {
            guard reader.isAtEnd else { throw cell.malformed(PostgresRange.self) }
            self = .empty
            return
        }
        var limits: [Limit] = []
        for (inclusive, unbounded) in [
            (RangeFlag.lowerInclusive, RangeFlag.lowerUnbounded), (RangeFlag.upperInclusive, RangeFlag.upperUnbounded),
        ] {
            guard flags & unbounded == 0 else {
                guard flags & inclusive == 0 else { throw cell.malformed(PostgresRange.self) }
                limits.append(.unbounded)
                continue
            }
            guard let length = reader.integer(Int32.self), let bytes = reader.span(Int(length)) else {
                throw cell.malformed(PostgresRange.self)
            }
            let value = try Bound(cell: PostgresCell(bytes, type: boundType, format: .binary))
            limits.append(flags & inclusive != 0 ? .inclusive(value) : .exclusive(value))
        }
        guard reader.isAtEnd else { throw cell.malformed(PostgresRange.self) }
        self.init(lower: limits[0], upper: limits[1])
    }

    /// Reads the text form (manual: "Range Input/Output").
    init(text cell: borrowing PostgresCell, boundType: PostgresType) throws(PostgresError) {
        var reader = TextReader(cell.bytes)
        guard let text = reader.range(), reader.isAtEnd else { throw cell.malformed(PostgresRange.self) }
        try self.init(text, boundType: boundType)
    }

    init(_ text: RangeText, boundType: PostgresType) throws(PostgresError) {
        switch text {
        case .empty: self = .empty
        case .bounds(let lower, let upper, let isLowerInclusive, let isUpperInclusive):
            self.init(
                lower: try Self.limit(lower, isInclusive: isLowerInclusive, boundType),
                upper: try Self.limit(upper, isInclusive: isUpperInclusive, boundType))
        }
    }

    private static func limit(
        _ text: [UInt8]?, isInclusive: Bool, _ boundType: PostgresType
    ) throws(PostgresError) -> Limit {
        guard let text else { return .unbounded }
        let value = try Bound(cell: PostgresCell(text.rawSpan, type: boundType, format: .text))
        return isInclusive ? .inclusive(value) : .exclusive(value)
    }
}

extension PostgresType {
    /// The type of the bounds of a range; nil for a multirange too.
    fileprivate var rangeBoundType: PostgresType? { boundType.flatMap { $0.rangeType == self ? $0 : nil } }

    /// The type of the bounds of a multirange; nil for a range too.
    var multirangeBoundType: PostgresType? { boundType.flatMap { $0.multirangeType == self ? $0 : nil } }
}

/// What the first byte of a range's binary form says (`range_send` in the server).
enum RangeFlag {
    static let empty: UInt8 = 0x01
    static let lowerInclusive: UInt8 = 0x02
    static let upperInclusive: UInt8 = 0x04
    static let lowerUnbounded: UInt8 = 0x08
    static let upperUnbounded: UInt8 = 0x10
    static let all: UInt8 = 0x1F
}

/// A range's text form, taken apart.
enum RangeText {
    case empty
    /// The bounds' texts, nil where there is none.
    case bounds([UInt8]?, [UInt8]?, isLowerInclusive: Bool, isUpperInclusive: Bool)
}

extension TextReader {
    /// Reads a range and nothing behind it.
    @_lifetime(self: copy self)
    mutating func range() -> RangeText? {
        if skip(word: "empty") { return .empty }
        let isLowerInclusive = skip("[")
        guard isLowerInclusive || skip("("), let lower = rangeBound(), skip(","), let upper = rangeBound() else {
            return nil
        }
        let isUpperInclusive = skip("]")
        guard isUpperInclusive || skip(")"), lower.text != nil || !isLowerInclusive,
            upper.text != nil || !isUpperInclusive
        else { return nil }
        return .bounds(
            lower.text, upper.text, isLowerInclusive: isLowerInclusive, isUpperInclusive: isUpperInclusive)
    }

    @_lifetime(self: copy self)
    private mutating func rangeBound() -> (text: [UInt8]?, Void)? {
        if next == UInt8(ascii: "\"") { return quoted().map { ($0, ()) } }
        let ends = ",])".utf8
        guard let text = unquoted(upTo: { ends.contains($0) }) else { return nil }
        return (text.isEmpty ? nil : text, ())
    }
}
