import PostgresWire

/// Decodes rows of one result into `Decodable` types, column by column.
///
/// It stands on one row at a time and is used for all of them, so that a row costs no decoder of its own. Somebody who
/// keeps it beyond its `init(from:)` keeps the row that it stood on: `RowDecoding` takes another one then.
final class RowDecoder: Decoder {
    let layout: ColumnLayout
    private var row: Row?
    private var names: ColumnNames
    /// Where the cells of the row begin, behind the column count: one offset for each column.
    private var offsets: [Int]

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ layout: ColumnLayout) {
        self.layout = layout
        names = ColumnNames(layout)
        offsets = Array(repeating: 0, count: layout.columns.count)
    }

    /// Steps to a row of the same result.
    ///
    /// - Throws: `protocolViolation` where the row does not hold together.
    func stand(on row: Row) throws(PostgresError) {
        self.row = row
        names.rewind()
        var cells = row.cells
        for column in offsets.indices {
            offsets[column] = cells.cells.offset
            _ = try cells.nextBytes()
        }
        try cells.finish()
    }

    /// Lets go of the row, so that its buffer can be used again.
    func leave() { row = nil }

    // MARK: the row's columns

    /// Finds what a key means; the answer stays valid for `column` and `value`.
    func place(of key: any CodingKey) throws(PostgresError) -> Int { try names.place(of: key.stringValue) }

    /// The column behind a place; nil where the result has none for the key.
    func column(_ place: Int) -> Int? { names.column(place) }

    /// Whether the cell of a column is NULL.
    func isNull(column: Int) throws(PostgresError) -> Bool {
        guard let row else { throw Self.rowLeft }
        var cells = row.cells
        cells.cells.step(to: column, at: offsets[column])
        return try cells.nextBytes() == nil
    }

    /// Decodes a column into a Postgres value.
    func value<Value: PostgresDecodable>(_ type: Value.Type, column: Int) throws(PostgresError) -> Value {
        guard let row else { throw Self.rowLeft }
        var cells = row.cells
        cells.cells.step(to: column, at: offsets[column])
        do throws(PostgresError) {
            return try cells.next()
        } catch {
            throw error.located(in: layout, rowNumber: row.number)
        }
    }

    /// Decodes a column into a type of which only is known that it is `Decodable`.
    func value<Value: Decodable>(_ type: Value.Type, place: Int, column: Int) throws -> Value {
        var decoding = names.answers[place].decoding
        if decoding?.type != ObjectIdentifier(type) {
            let found = ValueDecoding(type)
            names.note(found, at: place)
            decoding = found
        }
        guard let decodable = decoding?.decodable else { return try nested(type, column: column) }
        return try value(decodable, as: type, column: column)
    }

    /// Decodes a column into a `Decodable` type that is no Postgres value: out of its document, or by that type's own
    /// `init(from:)`.
    func nested<Value: Decodable>(_ type: Value.Type, column: Int) throws(PostgresError) -> Value {
        if layout.columns[column].type.isJSON, let document = try document(type, column: column) { return document }
        do {
            return try Value(from: ColumnDecoder(row: self, column: column))
        } catch {
            let type = ColumnType(typeOID: layout.columns[column].type.rawValue, format: .binary)
            let reason = PostgresError(decoding: error, into: Value.self)
            throw reason.located(Value.self, column: column, type).located(in: layout, rowNumber: row?.number ?? 0)
        }
    }

    /// Decodes the document of a column; nil for NULL.
    private func document<Value: Decodable>(_ type: Value.Type, column: Int) throws(PostgresError) -> Value? {
        guard let row else { throw Self.rowLeft }
        var cells = row.cells
        cells.cells.step(to: column, at: offsets[column])
        let columnType = cells.cells.nextType
        guard let bytes = try cells.nextBytes() else { return nil }
        do throws(PostgresError) {
            return try PostgresCell(bytes, columnType).document(type)
        } catch {
            throw error.located(type, column: column, columnType).located(in: layout, rowNumber: row.number)
        }
    }

    /// `Known` is `Value`, which only the caller's metatype knows.
    private func value<Known: PostgresDecodable, Value>(
        _ known: Known.Type, as type: Value.Type, column: Int
    ) throws(PostgresError) -> Value {
        let value = try value(known, column: column)
        guard let value = value as? Value else { preconditionFailure("a type that was found by itself is itself") }
        return value
    }

    private static var rowLeft: PostgresError {
        PostgresError(
            .invalidState, "cannot decode a row behind its own init(from:)",
            hint: "Decode within init(from:), and keep values instead of the decoder.")
    }

    // MARK: Decoder

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(RowContainer(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw PostgresError(
            .unsupported, "cannot decode a row as a list without names",
            hint: "Decode a tuple, or a type that reads columns by their names.")
    }

    /// The row's only column.
    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        guard layout.columns.count == 1 else {
            throw PostgresError(
                .columnMismatch, "cannot decode a row of \(layout.columns.count) columns as a single value")
        }
        return ColumnDecoder(row: self, column: 0)
    }
}

extension PostgresError {
    /// Says what a `Decodable` type threw. What the standard library's own errors say beside their kind stays away: it
    /// quotes values.
    init(decoding error: any Error, into type: Any.Type) {
        if let error = error as? PostgresError {
            self = error
            return
        }
        guard let error = error as? DecodingError else {
            self.init(.valueMalformed, "cannot decode into \(type): its own decoder threw a \(Swift.type(of: error))")
            return
        }
        switch error {
        case .dataCorrupted: self.init(.valueMalformed, "cannot decode into \(type): it has no such value")
        case .valueNotFound: self.init(.unexpectedNull, "cannot decode NULL into \(type)")
        case .keyNotFound: self.init(.columnMismatch, "cannot decode into \(type): a key was not found")
        default: self.init(.typeMismatch, "cannot decode into \(type): its own decoder expects another type")
        }
    }
}
