import PostgresStreaming

/// Runs `body` while there is a table of two accounts with 1000 each.
func withAccounts(at url: String, _ body: (PostgresConnection) async throws -> Void) async throws {
    try await PostgresConnection.withConnection(url) { connection in
        try await connection.withTransaction { transaction in
            try await transaction.execute(
                "CREATE TABLE example_account (id int PRIMARY KEY, balance int NOT NULL CHECK (balance >= 0))")
            try await transaction.execute("INSERT INTO example_account VALUES (1, 1000), (2, 1000)")
        }
        try await body(connection)
        try await connection.execute("DROP TABLE example_account")
    }
}

/// Moves an amount from the first account to the second; run again as often as others are in the way.
func transfer(_ amount: Int, _ configuration: PostgresConfiguration) async throws {
    try await configuration.withRetryingTransaction(isolation: .serializable) { transaction in
        try await add(-amount, to: 1, transaction)
        try await add(amount, to: 2, transaction)
    }
}

/// Takes part in whatever transaction it is given.
func add(_ amount: Int, to account: Int, _ transaction: PostgresTransaction) async throws {
    let balance = try await transaction.query("SELECT balance FROM example_account WHERE id = \(account)").only()
        .decode(Int.self)
    try await transaction.execute(
        "UPDATE example_account SET balance = \(balance + amount) WHERE id = \(account)")
}

/// Shows that an error undoes what the transaction did before it, and no more than its savepoint where there is one.
func overdraw(_ connection: PostgresConnection) async throws {
    let left = try await connection.withTransaction { transaction in
        try await add(-50, to: 1, transaction)
        do {
            try await transaction.withSavepoint { try await add(-5000, to: 1, $0) }
        } catch {
            guard let error = error as? PostgresError, error.sqlState == .checkViolation else { throw error }
            print("refused: \(error.message)")
        }
        return try await transaction.query("SELECT balance FROM example_account WHERE id = 1").only().decode(Int.self)
    }
    print("account 1 after the savepoint: \(left)")
}
