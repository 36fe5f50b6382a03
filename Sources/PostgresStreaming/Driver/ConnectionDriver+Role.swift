import PostgresWire

extension ConnectionDriver {
    /// What the server is: what it reports by itself, or what it answers.
    ///
    /// - Throws: as every verb; `unexpectedRowCount` where the server does not say.
    nonisolated(nonsending) func role() async throws(PostgresError) -> ServerRole {
        if let reported = ServerRole(parameters) { return reported }
        var flight = ExtendedFlight()
        flight.parse("SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')")
        flight.run(BoundParameters(), resultFormats: [.text], result: .rows(columnCount: 2))
        try say(flight)
        var role: ServerRole?
        try await answer { [self] event throws(PostgresError) in
            if case .rows(let rows) = event { role = try self.role(in: rows) }
            return nil as Void?
        }
        guard let role else { throw PostgresError(.unexpectedRowCount, "the server does not say what it is") }
        return role
    }

    private func role(in rows: Range<Int>) throws(PostgresError) -> ServerRole? {
        guard let row = RowChunk.firstRow(of: rows, in: slab, textColumns: "recovery", "read_only") else { return nil }
        let (standby, readOnly) = try row.decode((String, String).self)
        return ServerRole(isStandby: standby == "t", isReadOnly: standby == "t" || readOnly == "on")
    }
}
