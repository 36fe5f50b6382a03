import PostgresTransport

/// What is done on the loop, out of the reach of the caller's cancellation, before the next verb may begin.
enum CleanUp: Sendable {
    /// The query that is under way is left.
    case leave
    /// The open transaction is undone.
    case rollBack
    /// The open transaction has only read, and is ended as one that did its work.
    case commitReading
    /// What was done after a savepoint is undone.
    case rollBackTo(String)
    /// The answer to a commit is waited for until then.
    case commit(until: MonotonicTime)
    /// What a verb of another folder has to bring to an end, within the time that is given.
    case other(Work)

    /// What is done with the connection, and the time for it.
    typealias Work = nonisolated(nonsending) @Sendable (ConnectionDriver, Duration) async -> Void
}

extension ConnectionDriver {
    /// Brings the connection to where the next verb can begin, within the time for that, or closes it.
    ///
    /// Never fails; the driver remembers a failure.
    ///
    /// - Parameter limit: the limit of what is cleaned up after, if it had one.
    nonisolated(nonsending) func cleanUp(_ work: CleanUp, after limit: Duration? = nil) async {
        let time = TimeAllowed(times.cleanUp(after: limit) - cleanUpSpent)
        let wasOpen = failure == nil
        await within(until: time.end) { driver in await driver.carryOut(work, within: time.limit) }
        cleanUpSpent += time.limit - time.left
        if wasOpen, failure != nil, time.isOver { observation?.passed(.cleanUp) }
    }

    private nonisolated(nonsending) func carryOut(_ work: CleanUp, within time: Duration) async {
        switch work {
        case .leave: await leaveQuery(within: time)
        case .rollBack:
            await leaveQuery(within: time)
            await rollBack()
        case .commitReading: await end(by: ["COMMIT"])
        case .rollBackTo(let savepoint):
            await leaveQuery(within: time)
            await rollBack(to: savepoint)
        case .commit(let end): await finishCommit(until: end)
        case .other(let work): await work(self, time)
        }
    }
}
