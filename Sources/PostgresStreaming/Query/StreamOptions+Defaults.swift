extension StreamOptions {
    /// What queries are called in the present scope.
    @TaskLocal static var scopeName: String?

    /// Runs `body`, in which queries without a name of their own have this one in metrics and events. It holds for the
    /// task's child tasks as well, on whatever client or connection they ask.
    ///
    /// ```swift
    /// try await StreamOptions.withName("checkout") {
    ///     try await client.execute("UPDATE cart SET state = 'paid' WHERE id = \(cart)")
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - name: see `StreamOptions.name`; never a value.
    ///   - body: what runs the queries; its result is returned.
    @discardableResult
    public nonisolated(nonsending) static func withName<Result>(
        _ name: String, _ body: nonisolated(nonsending) () async throws -> Result
    ) async rethrows -> Result {
        try await $scopeName.withValue(name) { try await body() }
    }

    private static let plain = StreamOptions()

    /// These as the defaults of queries; nil where they ask for nothing.
    var asDefaults: StreamOptions? { self == Self.plain ? nil : self }

    /// The options of a query: the defaults where these say nothing of how to read, and the scope's name where they have none.
    ///
    /// - Parameter isObserved: whether anybody asks for the name.
    func completed(by defaults: StreamOptions?, isObserved: Bool) -> StreamOptions {
        guard defaults != nil || isObserved else { return self }
        var options = self
        if let defaults {
            (options.name, options.traits, options.ignoresRows) = (nil, StreamOptions.plain.traits, false)
            options.pieceColumn = nil
            options = options == Self.plain ? defaults : self
            (options.traits, options.ignoresRows, options.pieceColumn) = (traits, ignoresRows, pieceColumn)
        }
        options.name = name ?? (isObserved ? Self.scopeName : nil) ?? defaults?.name
        return options
    }
}
