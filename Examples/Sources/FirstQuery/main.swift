// Connects, asks with bound parameters, reads typed rows, and handles an error of the server.
//
//     swift run --package-path Examples FirstQuery postgres://user@localhost/database
//     POSTGRES_URL=postgres://user@localhost/database swift run --package-path Examples FirstQuery

import Glibc
import PostgresStreaming

let variable = unsafe getenv("POSTGRES_URL").map { unsafe String(cString: $0) }
guard let url = CommandLine.arguments.dropFirst().first ?? variable else {
    print("usage: FirstQuery URL (or set POSTGRES_URL), such as postgres://user@localhost/database")
    exit(2)
}

struct Customer: RowDecodable {
    let id: Int
    let name: String?

    init(row: inout RowCursor) throws(PostgresError) {
        id = try row.next()
        name = try row.next()
    }
}

do throws(PostgresError) {
    let connection = try await PostgresConnection.connect(url)

    // \( ) sends the value beside the SQL, as $1; it can never be read as SQL.
    let region = "north'; DROP TABLE customer; --"
    let greeting = try await connection.query("SELECT 1, \(region) || ' is only a text'")
    for try await (number, text) in greeting.decode((Int, String).self) {
        print(number, text)
    }

    let customers = try await connection.query(
        "SELECT * FROM (VALUES (1, 'Ada'), (2, 'Grace'), (3, NULL)) AS customer (id, name) WHERE id >= \(2)")
    for try await customer in customers.decode(Customer.self) {
        print("customer \(customer.id) is \(customer.name ?? "nameless")")
    }

    do throws(PostgresError) {
        try await connection.execute("SELECT 1 / \(0)")
    } catch  where error.sqlState == .divisionByZero {
        print("the server says: \(error.message); connection usable: \(error.isConnectionUsable)")
    }
    await connection.close()
} catch {
    print("could not go on: \(error)")
    exit(1)
}
