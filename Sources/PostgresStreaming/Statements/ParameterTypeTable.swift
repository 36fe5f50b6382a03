import PostgresTransport
import PostgresWire

/// The types that servers have named for the parameters of statements, remembered for the whole process, so that not every
/// connection has to ask. Those that were remembered first go first.
final class ParameterTypeTable: Sendable {
    /// Where a statement means the same.
    struct Key: Hashable {
        /// The server, the database, the role and the path on which names are looked up.
        let scope: String
        let statement: KnownStatement.Key
    }

    fileprivate struct State {
        var types: [Key: [UInt32]] = [:]
        /// The keys in the order in which they came; those before `oldest` are gone.
        var order: [Key] = []
        var oldest = 0
        var bytes = 0
    }

    static let shared = ParameterTypeTable()

    private let state = Locked(State())
    private let bytesMax: Int

    /// So many bytes the statements' texts and types may take.
    init(bytesMax: Int = 4 << 20) { self.bytesMax = bytesMax }

    /// The types of a statement's parameters; nil where they are not known.
    func types(of key: Key) -> [UInt32]? { state.withLock { $0.types[key] } }

    /// Remembers the types of a statement's parameters, unless it takes more than its share.
    func remember(_ types: [UInt32], of key: Key) {
        guard key.bytes <= bytesMax / Self.shares else { return }
        state.withLock { state in
            if state.types.updateValue(types, forKey: key) == nil {
                state.order.append(key)
                state.bytes += key.bytes
            }
            while state.bytes > bytesMax { state.dropOldest() }
        }
    }

    /// Forgets a statement whose types do not fit any more.
    func forget(_ key: Key) {
        state.withLock { state in
            guard state.types.removeValue(forKey: key) != nil else { return }
            state.bytes -= key.bytes
            state.order.removeFirst(state.oldest)
            state.order.removeAll { $0 == key }
            state.oldest = 0
        }
    }

    private static let shares = 8
}

extension ParameterTypeTable.State {
    fileprivate mutating func dropOldest() {
        let key = order[oldest]
        oldest += 1
        types[key] = nil
        bytes -= key.bytes
        // What is gone is taken out now and then, which costs nothing by the piece.
        guard oldest > order.count / 2 else { return }
        order.removeFirst(oldest)
        oldest = 0
    }
}

extension ParameterTypeTable.Key {
    /// About how much memory it takes with its types, twice: in the table and in the order.
    fileprivate var bytes: Int {
        statement.bytes + scope.utf8.count + statement.types.count * MemoryLayout<UInt32>.stride
    }
}
