import PostgresWire

extension [UInt8] {
    /// Checks that the text from an index on has no NUL, which no text in Postgres can hold: a server would refuse the
    /// whole statement, and behind a NUL in its words not even say which parameter it means.
    ///
    /// - Throws: `parameterInvalid` where it has one.
    func checkText<Value>(from start: Int, of value: Value.Type) throws(PostgresError) {
        guard rawSpan.firstIndex(of: 0, from: start) != nil else { return }
        throw PostgresError(
            .parameterInvalid, "cannot encode \(Value.self) as text: there is a NUL in it",
            hint: "Text in Postgres holds every character but U+0000; bytea holds any bytes.")
    }
}
