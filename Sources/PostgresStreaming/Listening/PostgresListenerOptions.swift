/// How a listener waits, and how much it keeps for a consumer that is slower than the notifications.
public struct PostgresListenerOptions: Sendable {
    /// A link that is dead is noticed within this time: the server is asked after half of it, and has the other half to
    /// answer. 30 seconds by default.
    public var silenceMax = Duration.seconds(30)
    /// A listener to which no session has listened within this time of `listen` fails, with what the last attempt to connect
    /// met. 60 seconds by default; nil: it goes on trying. Once it has listened it tries for as long as it lives.
    public var startTimeout: Duration? = .seconds(60)
    /// The most notifications that wait for the consumer. 10,000 by default.
    public var bufferCountMax = 10_000
    /// The most bytes that they may take, about. 8 MiB by default.
    public var bufferBytesMax = 8 << 20
    /// What happens when more arrive.
    public var overflow = Overflow.dropOldest

    /// The defaults.
    public init() {}

    /// The defaults with changes.
    public init(_ change: (inout PostgresListenerOptions) -> Void) {
        self.init()
        change(&self)
    }

    /// What a listener does with more notifications than it may keep.
    public enum Overflow: Hashable, Sendable {
        /// The oldest are dropped; a gap in their place says how many.
        case dropOldest
        /// The sequence ends with `memoryLimitExceeded`, after what was kept.
        case fail
        /// Nothing is read until the consumer has taken half of them, so nothing is lost here. All listeners of the client
        /// are held up, because they share the connection.
        ///
        /// Meanwhile a dead link is not noticed. The notifications wait in the queue that all
        /// sessions of the server share, which is not shortened past the slowest listener: when it is full (8 GB by
        /// default), every transaction that notifies fails at its COMMIT.
        case suspend
    }
}

extension PostgresListenerOptions {
    /// Why a listener could not work with this; nil where it could.
    var misconfiguration: PostgresError? {
        let problem: String? =
            if silenceMax <= .zero || startTimeout.map({ $0 <= .zero }) ?? false {
                "a time limit is not positive"
            } else if bufferCountMax < 1 || bufferBytesMax < 1 {
                "the buffer holds nothing"
            } else {
                nil
            }
        return problem.map { PostgresError(.configurationInvalid, "cannot listen with these options: \($0)") }
    }
}
