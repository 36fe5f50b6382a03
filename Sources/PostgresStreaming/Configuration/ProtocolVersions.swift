import PostgresWire

extension PostgresConfiguration {
    /// A version of the frontend/backend protocol.
    public enum ProtocolVersion: String, Hashable, Sendable, CaseIterable, Comparable {
        /// The one that every server and pooler understands.
        case v3_0 = "3.0"
        /// The one of PostgreSQL 18, with longer cancel keys.
        case v3_2 = "3.2"

        /// Orders older versions before newer ones.
        public static func < (first: Self, second: Self) -> Bool { first.wire < second.wire }

        var wire: PostgresWire.ProtocolVersion {
            switch self {
            case .v3_0: .v3_0
            case .v3_2: .v3_2
            }
        }
    }
}

extension ConnectionParameters {
    /// The oldest and the newest version. As in libpq the newest is 3.0 unless something asks for more.
    func protocolVersions() throws(PostgresError) -> ClosedRange<PostgresConfiguration.ProtocolVersion> {
        let minimum = try version(.minProtocolVersion) ?? .v3_0
        let maximum = try version(.maxProtocolVersion) ?? max(minimum, .v3_0)
        guard minimum <= maximum else {
            throw invalid(
                "max_protocol_version is older than min_protocol_version",
                because: [.minProtocolVersion, .maxProtocolVersion])
        }
        return minimum...maximum
    }

    private func version(_ keyword: ConnectionKeyword) throws(PostgresError) -> PostgresConfiguration.ProtocolVersion? {
        guard let text = self[keyword] else { return nil }
        if text == "latest" { return .v3_2 }
        guard let version = PostgresConfiguration.ProtocolVersion(rawValue: text) else {
            let versions = PostgresConfiguration.ProtocolVersion.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalid(keyword, "is none of \(versions), latest")
        }
        return version
    }
}
