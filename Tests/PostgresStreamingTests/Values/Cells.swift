import PostgresStreaming

/// Decodes bytes as a cell of the type, as if they had come in a row.
func decode<Value: PostgresDecodable>(
    _ bytes: [UInt8], _ type: PostgresType, _ format: PostgresCell.Format = .binary, as value: Value.Type = Value.self
) throws(PostgresError) -> Value {
    let span = bytes.span
    return try Value(cell: PostgresCell(RawSpan(_elements: span), type: type, format: format))
}

/// Decodes a text as a cell of the type.
func decode<Value: PostgresDecodable>(
    text: String, _ type: PostgresType, as value: Value.Type = Value.self
) throws(PostgresError) -> Value {
    try decode(Array(text.utf8), type, .text)
}

/// The bytes and the format of a value that is sent as the type.
func encode<Value: PostgresEncodable>(
    _ value: Value, as type: PostgresType = Value.postgresType
) throws(PostgresError) -> (bytes: [UInt8], format: PostgresCell.Format) {
    var bytes: [UInt8] = []
    let format = try value.encode(into: &bytes, as: type)
    return (bytes, format)
}

/// The error that `body` throws.
func failure<Value>(of body: () throws(PostgresError) -> Value) -> PostgresError? {
    do throws(PostgresError) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}
