/// A COPY as it was asked for, and the way that it is to go.
struct CopyStatement {
    /// Which side sends the data.
    enum Direction { case toClient, fromClient }

    let sql: String
    let mode: QueryMode
    let direction: Direction

    /// Checks what a caller wrote.
    ///
    /// - Throws: `queryInvalid` for what is no COPY, `unsupported` for one with parameters.
    init(_ query: PostgresQuery, _ mode: QueryMode, _ direction: Direction) throws(PostgresError) {
        if let failure = query.failure { throw failure }
        guard KnownStatement(KnownStatement.Key(sql: query.sql, types: [])).firstWord == "copy" else {
            throw PostgresError(
                .queryInvalid, "the statement is no COPY", hint: "Run other statements by query or execute.")
        }
        guard query.parameterCount == 0 else {
            throw PostgresError(
                .unsupported, "COPY has no parameters",
                hint:
                    "Insert names as \\(PostgresIdentifier(…)); copy from a view or a temporary table that was made with the values, "
                    + "or stream a query.")
        }
        self.init(sql: query.sql, mode, direction)
    }

    /// Takes what was built here.
    init(sql: String, _ mode: QueryMode = .extended, _ direction: Direction) {
        self.sql = sql
        self.mode = mode
        self.direction = direction
    }

    /// The error of a COPY that goes the other way, or nowhere.
    var wrongDirection: PostgresError {
        switch direction {
        case .toClient:
            PostgresError(
                .queryInvalid, "the COPY waits for data instead of sending any",
                hint: "Write COPY … TO STDOUT, or use copyIn.")
        case .fromClient:
            PostgresError(
                .queryInvalid, "the COPY sends data instead of waiting for any",
                hint: "Write COPY … FROM STDIN, or use copyOut.")
        }
    }
}

extension CopyStatement {
    /// Says the COPY on a connection and reads to where its data begins.
    ///
    /// - Parameters:
    ///   - scope: the transaction that it belongs to; what that has to say yet goes first.
    ///   - observed: is told when all of it was handed to the kernel.
    nonisolated(nonsending) func begin(
        on driver: ConnectionDriver, in scope: (any StatementScope)?, for observed: QueryObservation?
    ) async throws(PostgresError) -> CopyBeginning {
        guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
        var commands = scope?.pending ?? []
        if mode == .simple, !commands.isEmpty {
            scope?.noteSent()
            try await driver.run(commands: commands)
            commands = []
        }
        try driver.startCopy(sql, mode, after: commands)
        scope?.noteSent()
        driver.queryToSend = observed
        let beginning = try await driver.readCopyBeginning()
        switch (beginning, direction) {
        case (.input, .toClient):
            driver.failCopy("the client expected data")
            try? await driver.readToEnd()
            throw wrongDirection
        case (.output, .fromClient): throw wrongDirection
        default: return beginning
        }
    }
}
