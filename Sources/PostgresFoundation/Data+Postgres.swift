public import FoundationEssentials
public import PostgresStreaming

extension Data: PostgresDecodable, PostgresEncodable {
    /// Decodes a `bytea`, or the bytes of a text or JSON value without looking at them, as `[UInt8]` does. Allocates and
    /// copies.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type != .bytea || cell.format == .text else {
            self = unsafe cell.bytes.withUnsafeBytes { unsafe Data($0) }
            return
        }
        let bytes: [UInt8]
        do throws(PostgresError) {
            bytes = try [UInt8](cell: cell)
        } catch {
            throw error.code == .typeMismatch ? cell.typeMismatch(Data.self) : cell.malformed(Data.self)
        }
        self.init(bytes)
    }

    /// True: bytes may also be meant as JSON or text.
    public static var infersPostgresType: Bool { true }

    /// `bytea`
    public static var postgresType: PostgresType { .bytea }

    /// Appends the bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: self) }

    /// Appends the hex form.
    public func encodeText(into bytes: inout [UInt8]) throws(PostgresError) {
        try [UInt8](self).encodeText(into: &bytes)
    }

    /// Appends the bytes as a `bytea`, or as the text of a text or JSON value, as `[UInt8]` does; the hex form for types
    /// that are not built in.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        guard type != .bytea else {
            encode(into: &bytes)
            return .binary
        }
        return try [UInt8](self).encode(into: &bytes, as: type)
    }
}
