extension PostgresError {
    /// Says of an error about the types in a statement which types its parameters are declared with.
    package init(_ error: PostgresError, namingTypes oids: [UInt32]) {
        let named = oids.enumerated().filter { $0.element != 0 }
        guard !named.isEmpty else {
            self = error
            return
        }
        let shown = named.prefix(Self.typesShownMax).map { "$\($0.offset + 1) \(PostgresType(rawValue: $0.element))" }
        let more = named.count > shown.count ? " and \(named.count - shown.count) more" : ""
        let types =
            "The declared types are \(shown.joined(separator: ", "))\(more): write another as \\(value, as: .int4), or a "
            + "cast in the SQL."
        self.init(
            error.code, error.message, hint: error.hint.map { "\($0) \(types)" } ?? types, server: error.server,
            isConnectionUsable: error.isConnectionUsable)
    }

    private static let typesShownMax = 5
}
