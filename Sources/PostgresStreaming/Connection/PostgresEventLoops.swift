import PostgresTransport

/// The threads of the process that wait for the connections' sockets, and how they wait. What is set here holds for the whole
/// process.
///
/// Each connection stays with the event loop that it was opened on; connections are spread over the loops evenly. What is
/// opened within `PostgresConnection.onEventLoop(_:)` belongs to the loop that its body runs on.
public enum PostgresEventLoops {
    /// The most event loops: as many as there are processors that the process may use, by its affinity mask and the quota of
    /// its control groups, unless this is set. At least 1. A loop starts when a connection needs it, and never ends; set this
    /// before the first connection is opened.
    public static var countMax: Int {
        get { EventLoops.countMax }
        set { EventLoops.countMax = newValue }
    }

    /// For how long an event loop with nothing to do asks the kernel over and over before it sleeps; by default 50 µs, a minute
    /// at most. Zero turns that off.
    ///
    /// It does so only while the last answers came within that time, as they do from a server on the same machine or in the
    /// same rack, and saves both sides the time of being woken. Beside a server on a machine with two processors a round trip
    /// on the loop took 61 µs for 77, and 64 µs of processor time for 49. No more than half of the processors are kept at it,
    /// and none where the process may use one alone.
    public static var busyPollTime: Duration {
        get { EventLoops.busyPollTime }
        set { EventLoops.busyPollTime = newValue }
    }
}
