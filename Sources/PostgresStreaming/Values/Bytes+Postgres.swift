import PostgresWire

extension [UInt8]: PostgresDecodable {
    /// Decodes a `bytea`, or the bytes of a text or JSON value without looking at them. Allocates and copies.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .bytea else {
            self = [UInt8](copying: try cell.textBytes(for: [UInt8].self))
            return
        }
        self = cell.format == .binary ? [UInt8](copying: cell.bytes) : try cell.byteaText()
    }
}

extension [UInt8]: PostgresEncodable {
    /// `bytea`
    public static var postgresType: PostgresType { .bytea }

    /// Appends the bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: self) }
}

extension PostgresCell {
    /// Reads the hex form, `\x` and two digits a byte, which servers write by default (manual: "bytea Hex Format").
    fileprivate func byteaText() throws(PostgresError) -> [UInt8] {
        let count = bytes.byteCount
        guard count >= 2, count.isMultiple(of: 2), bytes.byte(at: 0) == UInt8(ascii: "\\"),
            bytes.byte(at: 1) == UInt8(ascii: "x")
        else { throw malformed([UInt8].self) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(count / 2 - 1)
        for offset in stride(from: 2, to: count, by: 2) {
            guard let high = bytes.byte(at: offset).hexadecimalValue,
                let low = bytes.byte(at: offset + 1).hexadecimalValue
            else { throw malformed([UInt8].self) }
            decoded.append(high << 4 | low)
        }
        return decoded
    }
}
