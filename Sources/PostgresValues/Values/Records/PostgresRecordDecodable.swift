/// A type that a record or a value of a composite type can become, field by field from left to right.
///
/// ```swift
/// struct Address: PostgresRecordDecodable {
///     let street: String, number: Int32
///     init(fields: inout PostgresRecordFields) throws(PostgresError) {
///         street = try fields.next()
///         number = try fields.next()
///     }
/// }
/// ```
public protocol PostgresRecordDecodable: PostgresDecodable {
    /// Decodes a record; every field has to be read.
    init(fields: inout PostgresRecordFields) throws(PostgresError)
}

extension PostgresRecordDecodable {
    /// Decodes a `record` or a value of a composite type.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        self = try PostgresRecordFields.read(cell, for: Self.self) { fields throws(PostgresError) in
            try Self(fields: &fields)
        }
    }
}

/// A record whose fields are decoded later, or never.
public struct PostgresRecord: PostgresRecordDecodable, Hashable, Sendable {
    /// The fields from left to right, nil for NULL.
    public let fields: [PostgresRawValue?]

    /// Copies all fields.
    public init(fields: inout PostgresRecordFields) throws(PostgresError) {
        var list: [PostgresRawValue?] = []
        list.reserveCapacity(fields.count)
        while fields.count > 0 { list.append(try fields.next()) }
        self.fields = list
    }
}
