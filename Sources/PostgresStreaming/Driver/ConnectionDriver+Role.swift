import PostgresWire

extension ServerRole {
    /// What a server is: what it reports by itself, or what it answers.
    ///
    /// - Throws: as every verb; `unexpectedRowCount` where the server does not say.
    nonisolated(nonsending) static func of(_ driver: ConnectionDriver) async throws(PostgresError) -> ServerRole {
        if let reported = ServerRole(driver.parameters) { return reported }
        var flight = ExtendedFlight()
        flight.parse("SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')")
        flight.run(BoundParameters(), resultFormats: [.text], result: .rows(columnCount: 2))
        try driver.say(flight)
        var role: ServerRole?
        try await driver.answer { event throws(PostgresError) in
            if case .rows(let rows) = event { role = try ServerRole(rows, in: driver.slab) }
            return nil as Void?
        }
        guard let role else { throw PostgresError(.unexpectedRowCount, "the server does not say what it is") }
        return role
    }

    private init?(_ rows: Range<Int>, in slab: ReceiveSlab) throws(PostgresError) {
        guard let row = RowChunk.firstRow(of: rows, in: slab, textColumns: "recovery", "read_only") else { return nil }
        let (standby, readOnly) = try row.decode((String, String).self)
        self.init(isStandby: standby == "t", isReadOnly: standby == "t" || readOnly == "on")
    }
}
