extension Duration {
    /// Longer than anybody waits, and short enough to be added to any clock.
    private static let limitMax = Duration.seconds(1 << 31)

    /// The time as a limit for waiting: not less than none, and not more than clocks can count.
    var asLimit: Duration { min(max(self, .zero), Self.limitMax) }
}
