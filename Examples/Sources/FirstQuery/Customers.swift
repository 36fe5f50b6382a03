import PostgresStreaming

nonisolated(nonsending) func showCustomers(of region: String, at url: String) async throws(PostgresError) {
    let connection = try await PostgresConnection.connect(url)

    // \( ) sends the value beside the SQL, as $1: it can never be read as SQL.
    let customers = try await connection.query(
        """
        SELECT id, name FROM (VALUES (1, 'Ada', 'north'), (2, NULL, 'north'), (3, 'Grace', 'south'))
        AS customer (id, name, region) WHERE region = \(region)
        """)
    for try await (id, name) in customers.decode((Int, String?).self) {
        print("customer \(id) is \(name ?? "nameless")")
    }

    do throws(PostgresError) {
        try await connection.execute("SELECT 1 / \(0)")
    } catch {
        guard error.sqlState == .divisionByZero else { throw error }
        print("the server says: \(error.message); connection usable: \(error.isConnectionUsable)")
    }
    await connection.close()
}
