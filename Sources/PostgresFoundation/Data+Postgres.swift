public import FoundationEssentials
public import PostgresStreaming

extension Data: PostgresDecodable, PostgresEncodable {
    /// Decodes a `bytea`. Allocates and copies.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .bytea else { throw cell.typeMismatch(Data.self) }
        if cell.format == .binary {
            self = unsafe cell.bytes.withUnsafeBytes { unsafe Data($0) }
        } else {
            self.init(try [UInt8](cell: cell))
        }
    }

    /// `bytea`
    public static var postgresType: PostgresType { .bytea }

    /// Appends the bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: self) }

    /// Appends the hex form.
    public func encodeText(into bytes: inout [UInt8]) throws(PostgresError) {
        try [UInt8](self).encodeText(into: &bytes)
    }
}
