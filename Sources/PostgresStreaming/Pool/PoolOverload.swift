import PostgresTransport

/// Turns calls away while a queue stays long, by the time that calls spend in it (the idea of CoDel, which db_connection
/// of Elixir has for pools): where even the shortest wait of an interval was too long, it is no burst.
struct PoolOverload {
    private let target: Duration?
    private let interval: Duration
    private var intervalEnd: MonotonicTime?
    private var shortest: Duration?
    private var isOverloaded = false

    init(_ configuration: PostgresPoolConfiguration) {
        target = configuration.overloadTarget
        interval = configuration.overloadInterval
    }

    /// A call was served after waiting for so long.
    mutating func note(sojourn: Duration) {
        guard target != nil else { return }
        shortest = min(shortest ?? sojourn, sojourn)
    }

    /// Takes those out of the queue who waited too long while the pool is overloaded.
    mutating func shed(_ queue: inout PoolQueue, _ now: MonotonicTime) -> [PoolWaiter] {
        guard let target else { return [] }
        judge(queue.first.map { now - $0.asked }, target, now)
        guard isOverloaded else { return [] }
        var shed: [PoolWaiter] = []
        while let waiter = queue.first, now - waiter.asked > target * 2 {
            queue.remove(waiter.id)
            shed.append(waiter)
        }
        return shed
    }

    private mutating func judge(_ oldest: Duration?, _ target: Duration, _ now: MonotonicTime) {
        guard let end = intervalEnd else {
            intervalEnd = now + interval
            return
        }
        guard now >= end else { return }
        // Where nobody was served, those who wait tell.
        isOverloaded = (shortest ?? oldest ?? .zero) > target
        shortest = nil
        intervalEnd = now + interval
    }
}
