/// Turns the rows of one result into values of a `Decodable` type.
struct RowDecoding<Value: Decodable> {
    private var decoder: RowDecoder

    init(_ layout: ColumnLayout) { decoder = RowDecoder(layout) }

    /// Decodes one row.
    ///
    /// - Throws: `columnMismatch` for a column that is missing or not the only one of its name, what a column's decoder
    ///   throws, or, for what the type's own `init(from:)` throws, an error of the like kind without its words.
    mutating func decode(_ row: Row) throws(PostgresError) -> Value {
        // Somebody kept the decoder of an earlier row.
        if !isKnownUniquelyReferenced(&decoder) { decoder = RowDecoder(row.layout) }
        try decoder.stand(on: row)
        do {
            return try Value(from: decoder)
        } catch {
            throw PostgresError(decoding: error, into: Value.self)
        }
    }

    /// Lets go of the last row, so that its buffer can be used again.
    mutating func leave() {
        if isKnownUniquelyReferenced(&decoder) { decoder.leave() }
    }
}

extension Row {
    /// Decodes the row into a `Decodable` type whose properties are named as the columns are; see `RowStream.decode`.
    ///
    /// For many rows of one result decode the stream, which looks up each name once.
    ///
    /// - Throws: as the stream's elements.
    @_disfavoredOverload
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws(PostgresError) -> Value {
        var decoding = RowDecoding<Value>(layout)
        return try decoding.decode(self)
    }

    /// Decodes the row's columns from left to right into a type that says how; columns that it does not read are
    /// skipped.
    @inlinable
    public func decode<Value: RowDecodable>(_ type: Value.Type = Value.self) throws(PostgresError) -> Value {
        var cursor = cells
        do throws(PostgresError) {
            let value = try Value(row: &cursor)
            if cursor.isAtEnd { try cursor.finish() }
            return value
        } catch {
            throw error.located(in: layout, rowNumber: number)
        }
    }
}
