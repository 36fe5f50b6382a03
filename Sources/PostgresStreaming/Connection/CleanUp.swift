/// What is done on the loop, out of the reach of the caller's cancellation, before the next verb may begin.
enum CleanUp: Sendable {
    /// The query that is under way is left.
    case leave
    /// The open transaction is undone.
    case rollBack
    /// The open transaction has only read, and is ended as one that did its work.
    case commitReading
    /// What was done behind a savepoint is undone.
    case rollBackTo(String)
    /// The answer to a commit is waited for.
    case commit
}

extension ConnectionDriver {
    /// Never fails; the driver remembers a failure.
    nonisolated(nonsending) func cleanUp(_ work: CleanUp) async {
        switch work {
        case .leave: await leaveQuery()
        case .rollBack:
            await leaveQuery()
            await rollBack()
        case .commitReading: await end(by: ["COMMIT"])
        case .rollBackTo(let savepoint):
            await leaveQuery()
            await rollBack(to: savepoint)
        case .commit: await finishCommit()
        }
    }
}
