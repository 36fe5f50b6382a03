public import FoundationEssentials
public import PostgresStreaming

extension URL: PostgresDecodable, PostgresEncodable {
    /// Decodes a URL from the types that a String decodes from.
    ///
    /// - Throws: `valueMalformed` for text that is no URL.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        let text: String
        do throws(PostgresError) {
            text = try String(cell: cell)
        } catch {
            throw error.code == .typeMismatch ? cell.typeMismatch(URL.self) : cell.malformed(URL.self)
        }
        guard let url = URL(string: text) else { throw cell.malformed(URL.self) }
        self = url
    }

    /// Unspecified, as for a String: the server infers the type.
    public static var postgresType: PostgresType { .unspecified }

    /// Text.
    public static var postgresFormat: PostgresCell.Format { .text }

    /// Appends the absolute form.
    public func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: absoluteString.utf8) }
}
