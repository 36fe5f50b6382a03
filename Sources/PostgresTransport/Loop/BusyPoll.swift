/// Decides whether a loop with nothing to do asks the kernel over and over for a while before it sleeps in it.
///
/// To be woken costs more time, on both sides, than an answer takes that comes from near. So it pays where answers come
/// within that time, and only wastes a core where they do not. Pure: time comes with the events, in nanoseconds.
package struct BusyPoll: Sendable {
    /// For so long it is asked at most; zero for never.
    package var limit: Int64
    /// The waits without a pause between them that were over soon.
    private var quickWaits = 0

    /// So many waits have to be over soon before it is tried.
    private static let quickWaitsMin = 3
    /// What being woken takes at most, most of the time: a wait that was slept through is taken for so much shorter.
    private static let wakeUpTime: Int64 = 50_000

    /// Begins with nothing known of the waits.
    package init(limit: Duration) { self.limit = max(limit, .zero).nanoseconds }

    /// For how long the next wait may ask over and over; zero for not at all.
    package var time: Int64 { quickWaits >= Self.quickWaitsMin ? limit : 0 }

    /// The kernel was asked over and over. Where that was in vain the loop sleeps again, until waits are short again.
    package mutating func asked(inVain: Bool) {
        if inVain { quickWaits = 0 }
    }

    /// The loop slept for so long.
    package mutating func slept(_ time: Int64) {
        quickWaits = time <= limit + Self.wakeUpTime ? min(quickWaits + 1, Self.quickWaitsMin) : 0
    }
}
