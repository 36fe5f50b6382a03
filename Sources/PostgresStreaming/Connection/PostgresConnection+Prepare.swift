import PostgresWire

extension PostgresConnection {
    /// Asks the server what a statement takes and returns, without running it.
    ///
    /// - Throws: as `query`, the server's errors included; `queryTimedOut` after the configuration's `controlTimeout`.
    public nonisolated(nonsending) func describe(
        _ query: PostgresQuery
    ) async throws(PostgresError) -> StatementDescription {
        if let failure = query.failure { throw failure }
        return try await lease.describe(query)
    }

    /// Prepares a statement for parameters of these types; they stand in the SQL as `$1`, `$2` and so on.
    ///
    /// ```swift
    /// let find = try await connection.prepare("SELECT name FROM customer WHERE region = $1", parameters: String.self)
    /// for try await name in try await find.query("north").decode(String.self) { print(name) }
    /// ```
    ///
    /// The server infers the parameters' types, and each value is written as the type that the server named.
    ///
    /// - Throws: as `query`; `queryTimedOut` after the configuration's `controlTimeout`; `parameterInvalid` for another
    ///   number of parameters; `unsupported` behind a transaction pooler.
    public nonisolated(nonsending) func prepare<each Parameter: PostgresEncodable>(
        _ query: PostgresQuery, parameters: (repeat each Parameter).Type
    ) async throws(PostgresError) -> PreparedStatement<RowStream, repeat each Parameter> {
        try await PreparedStatement(lease, query)
    }

    /// Prepares a statement for parameters of these types, and checks that its rows can be decoded into these.
    ///
    /// - Throws: as `prepare(_:parameters:)`; `columnMismatch` or `typeMismatch` where the statement's columns are others.
    public nonisolated(nonsending) func prepare<each Parameter: PostgresEncodable, each Value: PostgresDecodable>(
        _ query: PostgresQuery, parameters: (repeat each Parameter).Type, rows: (repeat each Value).Type
    ) async throws(PostgresError) -> PreparedStatement<
        DecodedTuples<Columns<repeat each Value>>, repeat each Parameter
    > {
        try await PreparedStatement(lease, query)
    }
}

/// What a statement takes and returns.
public struct StatementDescription: Hashable, Sendable {
    /// The types of its parameters.
    public let parameterTypes: [PostgresType]
    /// The columns of its rows; empty for a statement that returns none.
    public let columns: [PostgresColumn]
    let descriptions: [ColumnDescription]?
}

extension Lease {
    /// Has a query described.
    nonisolated(nonsending) func describe(_ query: PostgresQuery) async throws(PostgresError) -> StatementDescription {
        try await describing { driver, scope throws(PostgresError) in
            try await driver.describe(query, behind: scope?.pending ?? [], in: scope)
        }
    }

    /// Makes a statement out of SQL and has it described.
    nonisolated(nonsending) func describe(
        _ sql: String, as name: String
    ) async throws(PostgresError) -> StatementDescription {
        try await describing { driver, scope throws(PostgresError) in
            try driver.startDescribing(sql, as: name, [], behind: scope?.pending ?? [])
            scope?.noteSent()
            return try await driver.readDescription()
        }
    }

    private nonisolated(nonsending) func describing(
        _ body:
            nonisolated(nonsending) (ConnectionDriver, TransactionScope?) async throws(PostgresError) ->
            StatementDescription
    ) async throws(PostgresError) -> StatementDescription {
        let driver = try await begin(in: transaction)
        do throws(PostgresError) {
            guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
            let scope = transaction
            let description = try await driver.control(within: scope?.time) { driver throws(PostgresError) in
                try await body(driver, scope)
            }
            finish()
            return description
        } catch {
            driver.session.isIdle ? finish() : leave()
            transaction?.note(error)
            throw await settled(error)
        }
    }
}

extension ConnectionDriver {
    /// Asks for the columns of a statement that is about to be run, and has it made where it has a name.
    func startDescribing(_ statement: KnownStatement, behind commands: [String]) throws(PostgresError) {
        if statement.generation != statements.generation { statement.isPrepared = false }
        statement.generation = statements.generation
        let key = statement.key
        try startDescribing(
            key.sql, as: statement.name, statement.declaredTypes, isPrepared: statement.isPrepared, behind: commands)
    }

    /// Reads the columns, and with them the formats to ask for.
    nonisolated(nonsending) func finishDescribing(_ statement: KnownStatement) async throws(PostgresError) {
        let description: StatementDescription
        do throws(PostgresError) {
            description = try await readDescription()
        } catch {
            // The server may have made it, and nothing of its answer will be looked at any more.
            statement.isPrepared = !statement.name.isEmpty
            statements.evict(statement)
            throw error
        }
        statement.isPrepared = !statement.name.isEmpty
        try await note(description.descriptions, of: statement)
    }

    /// Takes note of the columns of a statement, and asks in which formats they can be had where that is not known.
    nonisolated(nonsending) func note(
        _ columns: [ColumnDescription]?, of statement: KnownStatement
    ) async throws(PostgresError) {
        try await findBinaryOutput(of: columns ?? [])
        statement.note(description: columns) { statements.binaryOutput.isMissing($0) }
        if statement.slot < 0, !statement.isOwn, !statement.resultFormats.contains(.text) {
            statements.binaryOutput.noteHarmless(statement.key)
        }
        statements.countMemory(of: statement)
    }

    /// Has a query described, whose parameters are typed as when it runs.
    fileprivate nonisolated(nonsending) func describe(
        _ query: PostgresQuery, behind commands: [String], in scope: TransactionScope?
    ) async throws(PostgresError) -> StatementDescription {
        let key = KnownStatement.Key(sql: query.sql, types: query.parameters.types)
        let statement = statements.typed(KnownStatement(key))
        if statement.isToBeTyped {
            let typing = ParameterTyping(
                query.parameters.types, castIndices: query.castParameters, narrowTypes: query.parameters.narrowTypes)
            return try await askForTypes(of: statement, typing, behind: commands, in: scope)
        }
        try startDescribing(key.sql, as: "", statement.declaredTypes, behind: commands)
        scope?.noteSent()
        return try await readDescription()
    }

    /// Asks for the parameters and columns of a statement, which is made for that.
    ///
    /// - Parameters:
    ///   - isPrepared: whether the server has it already.
    ///   - commands: what to run first in the same flight.
    ///   - followers: what to run after it.
    func startDescribing(
        _ sql: String, as name: String, _ parameterTypeOIDs: [UInt32], isPrepared: Bool = false,
        behind commands: [String], followedBy followers: [String] = []
    ) throws(PostgresError) {
        running = nil
        var flight = ExtendedFlight()
        let forgotten = statements.takeForgottenNames()
        for name in forgotten { flight.close(statement: name) }
        for command in commands { flight.run(command: command) }
        if !isPrepared { flight.parse(sql, as: name, parameterTypeOIDs: parameterTypeOIDs) }
        flight.describe(statement: name)
        for command in followers { flight.run(command: command) }
        do throws(FrontendMessageError) {
            try session.start(flight)
        } catch {
            statements.close(forgotten)
            throw PostgresError(error)
        }
    }

    /// Reads the answer to that.
    nonisolated(nonsending) func readDescription() async throws(PostgresError) -> StatementDescription {
        var types: [UInt32] = []
        var columns: [ColumnDescription]?
        var failure: PostgresError?
        while true {
            switch try await advance() {
            case .parameterTypes(let typeOIDs): types = typeOIDs
            case .columns(let described): columns = described
            case .failed(let fields, _):
                failure = failure ?? PostgresError(statement: fields, hasLeftTransaction: hasLeftTransaction)
            case .ready:
                if let failure { throw failure }
                return StatementDescription(
                    parameterTypes: types.map(PostgresType.init(rawValue:)),
                    columns: (columns ?? []).map(PostgresColumn.init), descriptions: columns)
            default: break
            }
        }
    }
}
