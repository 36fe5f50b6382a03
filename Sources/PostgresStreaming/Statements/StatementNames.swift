/// Names for the statements of one connection.
struct StatementNames {
    private var number = 0
    /// In all names of this connection, so that they never meet those of another one behind a pooler that mixes them.
    private let tag = String(UInt64.random(in: .min ... .max), radix: 36)

    /// Returns a name that no other statement has.
    mutating func next() -> String {
        number += 1
        return "ps_\(tag)_\(number)"
    }
}
