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
            guard let high = Self.hexValue(bytes.byte(at: offset)), let low = Self.hexValue(bytes.byte(at: offset + 1))
            else { throw malformed([UInt8].self) }
            decoded.append(high << 4 | low)
        }
        return decoded
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
