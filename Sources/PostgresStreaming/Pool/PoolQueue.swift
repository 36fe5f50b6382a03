/// The calls that wait for a connection, in the order of their tickets.
struct PoolQueue {
    private var order: [PoolWaiter.ID] = []
    /// Where the order begins; what lies before has been served.
    private var head = 0
    private var waiters: [PoolWaiter.ID: PoolWaiter] = [:]

    var count: Int { waiters.count }
    var isEmpty: Bool { waiters.isEmpty }

    /// The tasks that wait.
    var tasks: Set<TaskIdentity> { Set(waiters.values.compactMap(\.task)) }

    func contains(_ id: PoolWaiter.ID) -> Bool { waiters[id] != nil }

    /// The one to be served next.
    var first: PoolWaiter? {
        mutating get {
            while head < order.count {
                if let waiter = waiters[order[head]] { return waiter }
                head += 1
            }
            order.removeAll(keepingCapacity: true)
            head = 0
            return nil
        }
    }

    mutating func append(_ waiter: PoolWaiter) {
        compact()
        order.append(waiter.id)
        waiters[waiter.id] = waiter
    }

    mutating func prepend(_ waiter: PoolWaiter) {
        order.insert(waiter.id, at: head)
        waiters[waiter.id] = waiter
    }

    @discardableResult
    mutating func remove(_ id: PoolWaiter.ID) -> PoolWaiter? { waiters.removeValue(forKey: id) }

    /// Takes out those for whom one attempt to connect is enough, in order.
    mutating func removeImpatient() -> [PoolWaiter] {
        guard waiters.values.contains(where: \.isImpatient) else { return [] }
        let leaving = order[head...].compactMap { waiters[$0] }.filter(\.isImpatient)
        for waiter in leaving { waiters[waiter.id] = nil }
        return leaving
    }

    /// Takes out everybody, in order.
    mutating func removeAll() -> [PoolWaiter] {
        defer {
            order.removeAll()
            head = 0
            waiters.removeAll()
        }
        return order[head...].compactMap { waiters[$0] }
    }

    /// Forgets the tickets of those who left when they have become the most.
    private mutating func compact() {
        guard order.count > 2 * waiters.count + 16 else { return }
        order = order[head...].filter { waiters[$0] != nil }
        head = 0
    }
}
