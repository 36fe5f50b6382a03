/// What a server is at present.
struct ServerRole: Hashable, Sendable {
    /// Whether it copies what another server commits.
    let isStandby: Bool
    /// Whether its transactions only read unless they say otherwise.
    let isReadOnly: Bool

    init(isStandby: Bool, isReadOnly: Bool) {
        self.isStandby = isStandby
        self.isReadOnly = isReadOnly
    }

    /// What the server reports by itself, as servers from 14 on do; nil where it does not, or something stands between.
    init?(_ parameters: ServerParameters) {
        guard let standby = parameters.values["in_hot_standby"],
            let readOnly = parameters.values["default_transaction_read_only"]
        else { return nil }
        self.init(isStandby: standby == "on", isReadOnly: standby == "on" || readOnly == "on")
    }

    /// What is wrong with the server for a target; nil where nothing is.
    func mismatch(_ target: PostgresConfiguration.TargetSession) -> String? {
        switch target {
        case .any, .preferStandby: nil
        case .readWrite: isReadOnly ? "the session is read-only" : nil
        case .readOnly: isReadOnly ? nil : "the session is not read-only"
        case .primary: isStandby ? "the server is a standby" : nil
        case .standby: isStandby ? nil : "the server is not a standby"
        }
    }
}
