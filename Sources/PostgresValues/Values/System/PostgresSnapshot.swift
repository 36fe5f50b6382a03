import PostgresWire

/// A `pg_snapshot` or `txid_snapshot`: which transactions were over when it was taken.
public struct PostgresSnapshot: Hashable, Sendable {
    /// The lowest number of a transaction that was not over.
    public let xmin: UInt64
    /// One more than the highest number of a transaction that was over.
    public let xmax: UInt64
    /// The transactions between the two that were not over, in ascending order.
    public let inProgress: [UInt64]

    /// Creates a snapshot; nil where the numbers are not in order as the server wants them.
    public init?(xmin: UInt64, xmax: UInt64, inProgress: [UInt64]) {
        guard xmin > 0, xmin <= xmax, xmax <= Int64.max else { return nil }
        var last: UInt64 = 0
        for transaction in inProgress {
            guard transaction >= xmin, transaction < xmax, transaction > last else { return nil }
            last = transaction
        }
        self.xmin = xmin
        self.xmax = xmax
        self.inProgress = inProgress
    }
}

extension PostgresSnapshot: TextForm, PostgresTextConvertible {
    /// Reads `xmin:xmax:` and the transactions in progress with commas between them.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// Such as `10:20:10,14,15`.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard let xmin = reader.digits(1...19), reader.skip(":"), let xmax = reader.digits(1...19), reader.skip(":")
        else { return nil }
        var inProgress: [UInt64] = []
        if !reader.isAtEnd {
            repeat {
                guard let transaction = reader.digits(1...19) else { return nil }
                inProgress.append(UInt64(transaction))
            } while reader.skip(",")
        }
        self.init(xmin: UInt64(xmin), xmax: UInt64(xmax), inProgress: inProgress)
    }

    func write(to text: inout [UInt8]) {
        text += "\(xmin):\(xmax):".utf8
        for (index, transaction) in inProgress.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            text += transaction.description.utf8
        }
    }
}

extension PostgresSnapshot: PostgresDecodable {
    /// Decodes a `pg_snapshot` or `txid_snapshot`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .pgSnapshot || cell.type == .txidSnapshot else {
            throw cell.typeMismatch(PostgresSnapshot.self)
        }
        guard cell.format == .binary else {
            self = try cell.text()
            return
        }
        guard let value = PostgresSnapshot(binary: cell.bytes) else { throw cell.malformed(PostgresSnapshot.self) }
        self = value
    }

    private init?(binary bytes: RawSpan) {
        var reader = BinaryReader(bytes)
        guard let count = reader.integer(Int32.self), let xmin = reader.integer(UInt64.self),
            let xmax = reader.integer(UInt64.self), count >= 0, reader.count == 8 * Int(count)
        else { return nil }
        var inProgress: [UInt64] = []
        inProgress.reserveCapacity(Int(count))
        while let transaction = reader.integer(UInt64.self) { inProgress.append(transaction) }
        self.init(xmin: xmin, xmax: xmax, inProgress: inProgress)
    }

    /// `pg_snapshot`
    public static var postgresType: PostgresType { .pgSnapshot }

    /// Appends the count and the numbers.
    public func encode(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: Int32(truncatingIfNeeded: inProgress.count))
        bytes.append(bigEndian: xmin)
        bytes.append(bigEndian: xmax)
        for transaction in inProgress { bytes.append(bigEndian: transaction) }
    }

    /// Appends the snapshot as either of the two types, or as text for types that are not built in.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        try encode(into: &bytes, as: type, also: .txidSnapshot)
    }
}
