import PostgresStreaming

/// The customers of a database: all the SQL about them, and nothing else.
///
/// It works on whatever it is made with: a client, a connection, or a transaction for as long as its closure runs.
struct CustomerRepository {
    let database: any PostgresQuerying

    /// A customer.
    struct Customer: Equatable {
        var id: Int
        var name: String
        var credit: Int
    }

    func add(_ name: String, credit: Int) async throws -> Customer {
        let id = try await database.query(
            "INSERT INTO customer (name, credit) VALUES (\(name), \(credit)) RETURNING id"
        ).only().decode(Int.self)
        return Customer(id: id, name: name, credit: credit)
    }

    func find(_ id: Int) async throws -> Customer? {
        let row = try await database.query("SELECT name, credit FROM customer WHERE id = \(id)")
            .decode((String, Int).self).onlyOrNone()
        return row.map { Customer(id: id, name: $0.0, credit: $0.1) }
    }

    /// Changes the credit of a customer; false where there is none.
    func changeCredit(of id: Int, by amount: Int) async throws -> Bool {
        let tag = try await database.execute("UPDATE customer SET credit = credit + \(amount) WHERE id = \(id)")
        return tag?.rows == 1
    }
}
