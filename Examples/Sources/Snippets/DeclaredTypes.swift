// The types in the documentation of single declarations, compiled; they are not used.

import FraiseWire
import JSONTape
import PostgresStreaming

struct Celsius: PostgresDecodable {
    let degrees: Double
    init(cell: borrowing PostgresCell) throws(PostgresError) { degrees = try Double(cell: cell) }
}

struct Address: PostgresRecordDecodable {
    let street: String, number: Int32
    init(fields: inout PostgresRecordFields) throws(PostgresError) {
        street = try fields.next()
        number = try fields.next()
    }
}

struct Point: RowDecodable {
    let x, y: Double
    init(row: inout RowCursor) throws(PostgresError) {
        x = try row.next()
        y = try row.next()
    }
}

struct Customer: JSONDecodable {
    let id: Int, name: String, tags: [String], note: String?

    init(json: borrowing JSONView) throws(JSONError) {
        var members = try json.members()
        id = try members.decode("id")
        name = try members.decode("name")
        tags = try members.decode("tags")
        note = try members.decode("note")
    }
}

func scanning(_ documents: [[UInt8]]) throws {
    var tape = JSONTape()
    for document in documents {
        let value = try unsafe tape.scan(document.span.bytes)
        print(try value.decode("owner", "name", as: String.self))
    }
}
