/// The name of a table, column or other object, plain or qualified by the names of what it lies in.
///
/// It is quoted wherever it is inserted, so no name can be read as anything else: `\(PostgresIdentifier("public", "my
/// table"))` is `"public"."my table"`. Quoted names keep their case: the table of `CREATE TABLE Customer` is `customer`.
public struct PostgresIdentifier: Hashable, Sendable, CustomStringConvertible {
    /// The names from the outermost to the object's own.
    public let names: [String]

    /// Creates a name; of several, each qualifies the next, as in `PostgresIdentifier("public", "customer")`.
    public init(_ name: String, _ furtherNames: String...) { names = [name] + furtherNames }

    init(_ names: [String]) { self.names = names }

    /// The name of an object in a schema, or where the search path finds it.
    init(_ name: String, in schema: String?) { names = schema.map { [$0, name] } ?? [name] }

    /// Reads a name as it is written in SQL: dots separate, what is not in double quotes becomes lower case
    /// (manual: "Identifiers and Key Words"). For names from a configuration.
    ///
    /// - Throws: `queryInvalid` for what is no name, such as one with a space outside of quotes.
    public init(parsing text: String) throws(PostgresError) {
        var names: [String] = []
        var rest = Array(text.utf8)[...]
        while true {
            names.append(try Self.takeName(&rest))
            guard rest.first == UInt8(ascii: ".") else { break }
            rest.removeFirst()
        }
        guard rest.isEmpty else { throw Self.malformed }
        self.names = names
    }

    /// The name as SQL, quoted.
    public var description: String { sql }

    var sql: String { names.map(Self.quoted).joined(separator: ".") }

    private static func quoted(_ name: String) -> String {
        var text: [UInt8] = [UInt8(ascii: "\"")]
        text.reserveCapacity(name.utf8.count + 2)
        for byte in name.utf8 {
            if byte == UInt8(ascii: "\"") { text.append(byte) }
            text.append(byte)
        }
        text.append(UInt8(ascii: "\""))
        return String(decoding: text, as: UTF8.self)
    }

    private static func takeName(_ rest: inout ArraySlice<UInt8>) throws(PostgresError) -> String {
        var name: [UInt8] = []
        if rest.first == UInt8(ascii: "\"") {
            rest.removeFirst()
            while let end = rest.firstIndex(of: UInt8(ascii: "\"")) {
                name += rest[..<end]
                rest = rest[(end + 1)...]
                guard rest.first == UInt8(ascii: "\"") else {
                    guard !name.isEmpty else { throw malformed }
                    return String(decoding: name, as: UTF8.self)
                }
                name.append(rest.removeFirst())
            }
            throw malformed
        }
        guard rest.first?.isIdentifierStart ?? false else { throw malformed }
        while let byte = rest.first, byte.isIdentifierPart {
            // Letters beyond ASCII keep their case, as they do in a database in UTF-8.
            name.append(byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte)
            rest.removeFirst()
        }
        return String(decoding: name, as: UTF8.self)
    }

    private static var malformed: PostgresError {
        PostgresError(
            .queryInvalid, "cannot read a name: it is not written as SQL writes names",
            hint: "Put names with other characters than letters, digits and underscores in double quotes.")
    }
}
