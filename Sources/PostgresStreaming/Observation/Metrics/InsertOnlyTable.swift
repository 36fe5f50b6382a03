import Synchronization

/// A table of at most so many values, which are made when first asked for and stay. Looking up never locks.
///
/// A few chains of nodes, each node put in place by one atomic exchange: whoever comes second takes what the first put
/// there. The chains are short because the table is small, and nothing is ever removed.
final class InsertOnlyTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private final class Node: Sendable {
        let key: Key
        let value: Value
        let next = AtomicLazyReference<Node>()

        init(_ key: Key, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    private let chains = InlineArray<16, AtomicLazyReference<Node>> { _ in AtomicLazyReference() }
    private let reserved = Atomic<Int>(0)
    private let countMax: Int

    /// Creates an empty table for `countMax` values.
    init(countMax: Int) { self.countMax = countMax }

    /// Returns the value of `key`, which `make` makes where there is none yet; nil where the table is full.
    ///
    /// - Parameter make: gets the value's number, from zero; what it makes may be thrown away where another thread was
    ///   faster.
    func value(for key: Key, make: (Int) -> Value) -> Value? {
        let chain = key.hashValue & (chains.count - 1)
        var spare: Node?
        var node = chains[chain].load()
        if node == nil {
            guard let made = reserve(key, make) else { return nil }
            spare = made
            node = chains[chain].storeIfNil(made)
        }
        while let current = node {
            if current.key == key {
                // A number that was reserved in vain stays unused: it may not be the last one any more.
                return current.value
            }
            node = current.next.load()
            if node == nil {
                guard let made = spare ?? reserve(key, make) else { return nil }
                spare = made
                node = current.next.storeIfNil(made)
            }
        }
        return nil
    }

    private func reserve(_ key: Key, _ make: (Int) -> Value) -> Node? {
        guard reserved.load(ordering: .relaxed) < countMax else { return nil }
        let number = reserved.wrappingAdd(1, ordering: .relaxed).oldValue
        guard number < countMax else { return nil }
        return Node(key, make(number))
    }

    /// Everything that is in the table now, in no order.
    var entries: [(key: Key, value: Value)] {
        var entries: [(key: Key, value: Value)] = []
        for chain in chains.indices {
            var node = chains[chain].load()
            while let current = node {
                entries.append((current.key, current.value))
                node = current.next.load()
            }
        }
        return entries
    }
}

extension InsertOnlyTable: CustomReflectable {
    /// Nothing: the standard library's reflection would copy the chains, which traps.
    var customMirror: Mirror { Mirror(self, children: []) }
}
