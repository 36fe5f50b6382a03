import PostgresWire

/// A `tsquery`: what a text search looks for.
///
/// It is kept as the server sends it, flat: an operator, then what stands to its right, then what stands to its left.
public struct PostgresTSQuery: Hashable, Sendable {
    /// A word or an operator.
    public enum Item: Hashable, Sendable {
        /// A word, with the weights of places that count, none for all of them, and whether it is the beginning of a word.
        case lexeme(String, weights: Set<PostgresTSWeight>, isPrefix: Bool)
        /// What follows must not match.
        case not
        /// Both that follow must match.
        case and
        /// One of the two that follow must match.
        case or
        /// Both that follow must match, with so many words from the left one to the right one.
        case phrase(distance: Int)

        /// How many items it stands for.
        fileprivate var operandCount: Int {
            switch self {
            case .lexeme: 0
            case .not: 1
            case .and, .or, .phrase: 2
            }
        }
    }

    /// The items; none for the query that matches nothing.
    public let items: [Item]

    /// Creates a query from items in the order described; nil where operators and operands do not fit together.
    public init?(items: [Item]) {
        var wanted = items.isEmpty ? 0 : 1
        for item in items {
            guard wanted > 0, Self.isValid(item) else { return nil }
            wanted += item.operandCount - 1
        }
        guard wanted == 0 else { return nil }
        self.items = items
    }

    private static let distanceMax = 16_384
    private static let lexemeBytesMax = 2046

    private static func isValid(_ item: Item) -> Bool {
        switch item {
        case .lexeme(let text, _, _): !text.isEmpty && text.utf8.count <= lexemeBytesMax && !text.utf8.contains(0)
        case .phrase(let distance): (0...distanceMax).contains(distance)
        case .not, .and, .or: true
        }
    }
}

extension PostgresTSQuery: PostgresDecodable {
    /// Decodes a `tsquery`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .tsquery else { throw cell.typeMismatch(PostgresTSQuery.self) }
        guard cell.format == .binary else {
            self = try cell.text()
            return
        }
        var reader = BinaryReader(cell.bytes)
        guard let value = PostgresTSQuery(reading: &reader), reader.isAtEnd else {
            throw cell.malformed(PostgresTSQuery.self)
        }
        self = value
    }

    /// Reads a count and so many items (`tsquerysend` in the server).
    private init?(reading reader: inout BinaryReader) {
        guard let count = reader.integer(Int32.self), count >= 0 else { return nil }
        var items: [Item] = []
        for _ in 0..<count {
            guard let item = Item(reading: &reader) else { return nil }
            items.append(item)
        }
        self.init(items: items)
    }

    /// `tsquery`
    public static var postgresType: PostgresType { .tsquery }

    /// Text, because the server sends the empty query in binary and does not take it so.
    public static var postgresFormat: PostgresCell.Format { .text }

    /// Appends the text form.
    public func encode(into bytes: inout [UInt8]) throws(PostgresError) { try encodeText(into: &bytes) }

    /// Appends a count and the items as a `tsquery`; the text form of the empty query, and for types that are not built in.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        guard type == .tsquery, !items.isEmpty else {
            guard !type.isBuiltIn || type == .tsquery else { throw .cannotEncode(PostgresTSQuery.self, as: type) }
            try encodeText(into: &bytes)
            return .text
        }
        bytes.append(bigEndian: Int32(truncatingIfNeeded: items.count))
        for item in items { item.encode(into: &bytes) }
        return .binary
    }
}

extension PostgresTSQuery.Item {
    private static let lexemeKind: UInt8 = 1
    private static let operatorKind: UInt8 = 2

    fileprivate init?(reading reader: inout BinaryReader) {
        switch reader.integer(UInt8.self) {
        case Self.lexemeKind:
            guard let bits = reader.integer(UInt8.self), bits < 16, let prefix = reader.integer(UInt8.self),
                prefix <= 1, let text = reader.cString()
            else { return nil }
            self = .lexeme(
                text, weights: Set(PostgresTSWeight.allCases.filter { bits & 1 << $0.rawValue != 0 }),
                isPrefix: prefix == 1)
        case Self.operatorKind:
            switch reader.integer(UInt8.self) {
            case 1: self = .not
            case 2: self = .and
            case 3: self = .or
            case 4:
                guard let distance = reader.integer(UInt16.self) else { return nil }
                self = .phrase(distance: Int(distance))
            default: return nil
            }
        default: return nil
        }
    }

    fileprivate func encode(into bytes: inout [UInt8]) {
        switch self {
        case .lexeme(let text, let weights, let isPrefix):
            bytes += [Self.lexemeKind, weights.reduce(0) { $0 | 1 << $1.rawValue }, isPrefix ? 1 : 0]
            bytes += text.utf8
            bytes.append(0)
        case .not: bytes += [Self.operatorKind, 1]
        case .and: bytes += [Self.operatorKind, 2]
        case .or: bytes += [Self.operatorKind, 3]
        case .phrase(let distance):
            bytes += [Self.operatorKind, 4]
            bytes.append(bigEndian: UInt16(distance))
        }
    }
}
