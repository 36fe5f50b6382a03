import PostgresStreaming

/// A value of one type, and how it is decoded and encoded many times over.
struct ValueCase: Sendable {
    /// The type, with the size of the value where it matters.
    let name: String
    /// An expression that gives the value.
    let sql: String
    /// Decodes the columns of a row, which are all the same value, so many times.
    let decode: @Sendable (Row, Int) throws -> Void
    /// Encodes the row's first column so many times; returns the bytes of one value.
    let encode: @Sendable (Row, Int) throws -> Int

    /// How often a row has the value: stepping into a row is not what is measured.
    static let columnCount = 8

    @inline(__always)
    init<Value: PostgresDecodable & PostgresEncodable>(_ name: String, _ sql: String, _ type: Value.Type) {
        self.name = name
        self.sql = sql
        decode = { row, count in
            for _ in 0..<count / Self.columnCount {
                var cells = row.cells
                while !cells.isAtEnd { keep(try cells.next(Value.self)) }
            }
        }
        encode = { row, count in
            let value = try row.decode(column: 0, as: Value.self)
            var bytes: [UInt8] = []
            for _ in 0..<count {
                bytes.removeAll(keepingCapacity: true)
                try value.encode(into: &bytes)
                keep(bytes.count)
            }
            return bytes.count
        }
    }
}

/// Keeps the compiler from leaving out what makes a value.
@_optimize(none)
@inline(never)
func keep<Value>(_ value: Value) {}
