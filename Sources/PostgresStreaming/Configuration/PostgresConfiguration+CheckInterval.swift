extension PostgresConfiguration {
    /// How often the server looks whether the client is still there, in milliseconds.
    static let checkIntervalParameter = "client_connection_check_interval"

    /// The check interval in milliseconds that is sent without anybody having asked for it; nil where it was turned off,
    /// and where the user's own parameters or options speak of it, which then stand alone.
    ///
    /// A server would let a parameter of the StartupMessage go before the same one in its options.
    var impliedCheckInterval: Int? {
        guard let interval = connectionCheckInterval, !namesCheckInterval else { return nil }
        guard interval > .zero else { return 0 }
        return max(1, Int(min(interval, Self.checkIntervalMax) / .milliseconds(1)))
    }

    /// The largest value that the server takes.
    private static let checkIntervalMax = Duration.milliseconds(Int32.max)

    /// The server ignores the case of a parameter's name, and in options takes a hyphen for an underscore.
    private var namesCheckInterval: Bool {
        let options = String(options.lowercased().map { $0 == "-" ? "_" : $0 })
        return options.contains(Self.checkIntervalParameter)
            || runtimeParameters.keys.contains { $0.lowercased() == Self.checkIntervalParameter }
    }
}
