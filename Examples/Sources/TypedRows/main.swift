// Rows as tuples, as a type that takes its columns in order (the fastest), as a Decodable type by name, and by hand.
//
//     swift run --package-path Examples TypedRows postgres://user@localhost/database

import PostgresStreaming
import Tracker

/// Takes the columns in their order.
struct User: RowDecodable {
    let id: Int
    let name: String
    let age: Int?

    init(row: inout RowCursor) throws(PostgresError) {
        id = try row.next()
        name = try row.next()
        age = try row.next()
    }
}

/// By the columns' names: `createdAt` is `created_at`.
struct NamedProject: Decodable {
    let name: String
    let tags: [String]
    let createdAt: PostgresTimestampTZ
}

await ExampleProgram.run("TypedRows") { url in
    try await PostgresConnection.withConnection(url) { connection in
        let users: PostgresQuery = "SELECT id, name, age FROM tracker.tb_user ORDER BY id LIMIT 2"
        for try await (id, name, age) in try await connection.query(users).decode((Int, String, Int?).self) {
            print("tuple: \(id) \(name) \(age ?? 0)")
        }
        for try await user in try await connection.query(users).decode(User.self) {
            print("struct: \(user.id) \(user.name) \(user.age ?? 0)")
        }
        let project: PostgresQuery = "SELECT created_at, tags, name FROM tracker.tb_project WHERE id = \(2)"
        for project in try await connection.query(project).decode(NamedProject.self).collect() {
            print("Decodable: \(project.name) \(project.tags) \(project.createdAt)")
        }
        for try await row in try await connection.query(users) {
            print("by name: \(try row["name", as: String.self])")
        }
        // What does not fit says which column, which types and which row, and never the value.
        do throws(PostgresError) {
            _ = try await connection.query(users).decode((Int, Int, Int?).self).collect()
        } catch {
            print("\(error.code): \(error.message)")
        }
    }
}
