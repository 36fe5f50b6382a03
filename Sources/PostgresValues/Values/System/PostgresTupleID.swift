import PostgresWire

/// A `tid`: where a version of a row lies, by block and by item within the block.
public struct PostgresTupleID: Hashable, Comparable, Sendable {
    /// The number of the block.
    public let block: UInt32
    /// The number of the item within the block, from 1.
    public let item: UInt16

    /// Creates a place.
    public init(block: UInt32, item: UInt16) {
        self.block = block
        self.item = item
    }

    /// Orders by block, then by item.
    public static func < (left: PostgresTupleID, right: PostgresTupleID) -> Bool {
        left.block == right.block ? left.item < right.item : left.block < right.block
    }
}

extension PostgresTupleID: TextForm, PostgresTextConvertible {
    /// Reads two numbers in parentheses.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// Two numbers in parentheses, such as `(0,1)`.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard reader.skip("("), let block = reader.digits(), reader.skip(","), let item = reader.digits(),
            reader.skip(")"), let block = UInt32(exactly: block), let item = UInt16(exactly: item)
        else { return nil }
        self.init(block: block, item: item)
    }

    func write(to text: inout [UInt8]) { text += "(\(block),\(item))".utf8 }
}

extension PostgresTupleID: PostgresDecodable {
    /// Decodes a `tid`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .tid else { throw cell.typeMismatch(PostgresTupleID.self) }
        guard cell.format == .binary else {
            self = try cell.text()
            return
        }
        guard cell.bytes.byteCount == 6 else { throw cell.malformed(PostgresTupleID.self) }
        self.init(block: cell.bytes.bigEndian(at: 0), item: cell.bytes.bigEndian(at: 4))
    }

    /// `tid`
    public static var postgresType: PostgresType { .tid }

    /// Appends six bytes.
    public func encode(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: block)
        bytes.append(bigEndian: item)
    }
}
