import PostgresWire

extension ConnectionDriver {
    /// What the server says it is, without asking; nil where it does not say.
    var reportedRole: ServerRole? { ServerRole(parameters) }

    /// What the server is: what it reports by itself, or what it answers.
    nonisolated(nonsending) func role() async throws(PostgresError) -> ServerRole {
        if let reportedRole { return reportedRole }
        running = nil
        var flight = ExtendedFlight()
        flight.parse("SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')")
        flight.run(BoundParameters(), resultFormats: [.text], result: .rows(columnCount: 2))
        do throws(FrontendMessageError) { try session.start(flight) } catch { throw PostgresError(error) }
        var role: ServerRole?
        var failure: PostgresError?
        while true {
            switch try await advance() {
            case .rows(let rows): role = try self.role(in: rows)
            case .failed(let fields, _): failure = PostgresError(server: fields, isFatal: false)
            case .ready:
                if let role { return role }
                throw failure ?? PostgresError(.unexpectedRowCount, "the server does not say what it is")
            default: break
            }
        }
    }

    private func role(in rows: Range<Int>) throws(PostgresError) -> ServerRole? {
        guard let row = firstRow(of: rows, textColumns: "recovery", "read_only") else { return nil }
        let (standby, readOnly) = try row.decode((String, String).self)
        return ServerRole(isStandby: standby == "t", isReadOnly: standby == "t" || readOnly == "on")
    }
}
