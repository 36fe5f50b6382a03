import PostgresTransport
import PostgresWire

extension SessionOpening {
    /// Sends the StartupMessage (manual: "Start-up").
    func sendStartup(_ limits: ServerMemory.Limits) throws(PostgresError) {
        var parameters = [
            StartupParameter(name: "user", value: configuration.user),
            StartupParameter(name: "database", value: configuration.database),
            StartupParameter(name: "client_encoding", value: "UTF8"),
        ]
        for (name, value) in [
            ("application_name", configuration.applicationName), ("options", configuration.options),
        ] where !value.isEmpty {
            parameters.append(StartupParameter(name: name, value: value))
        }
        var others = configuration.runtimeParameters
        if let milliseconds = configuration.impliedCheckInterval, !limits.refusesCheckInterval {
            others[PostgresConfiguration.checkIntervalParameter] = "\(milliseconds)"
        }
        if configuration.sendsStatementTimeout, let limit = configuration.queryTimeout?.asLimit,
            !others.keys.contains(where: { $0.lowercased() == "statement_timeout" })
        {
            let milliseconds = (limit + .seconds(1)).nanoseconds / 1_000_000
            others["statement_timeout"] = "\(min(max(milliseconds, 1), Int64(Int32.max)))"
        }
        // A pooler that changes sessions would set it again with every transaction, at the price of a round trip.
        let isLeftOut = configuration.pooler == .transaction
        if !isLeftOut, !others.keys.contains(where: { $0.lowercased() == "datestyle" }) { others["DateStyle"] = "ISO" }
        for (name, value) in others.sorted(by: { $0.key < $1.key }) {
            guard !Self.reserved.contains(name.lowercased()), !name.hasPrefix("_pq_.") else {
                throw PostgresError(.configurationInvalid, "\"\(name)\" cannot be set as a run-time parameter")
            }
            parameters.append(StartupParameter(name: name, value: value))
        }
        do throws(FrontendMessageError) {
            let newest = limits.speaksOldProtocolOnly ? .v3_0 : configuration.protocolVersions.upperBound.wire
            try driver.session.start(
                StartupMessage(protocolVersion: newest, parameters: parameters),
                oldestVersion: configuration.protocolVersions.lowerBound.wire)
        } catch {
            throw PostgresError(
                .configurationInvalid, "no name or value that is sent at start-up can be empty or hold a NUL")
        }
    }

    /// What has a property of its own, or is not the user's to choose.
    private static let reserved: Set<String> = [
        "user", "database", "replication", "client_encoding", "options", "application_name",
    ]
}
