extension Duration {
    /// Longer than anybody waits, and short enough to be added to any clock.
    private static let limitMax = Duration.seconds(1 << 31)

    /// The time as a limit for waiting: not less than none, and not more than clocks can count.
    var asLimit: Duration { min(max(self, .zero), Self.limitMax) }

    /// Whole nanoseconds, clamped to 64 bits.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || carry ? (seconds < 0 ? .min : .max) : sum
    }
}
