/// Which portals were opened on a connection, which of them are not needed any more, and which are gone.
struct PortalLedger {
    /// The number of the portal that was opened last; the first is 1.
    private(set) var count = 0
    private var forgotten: [String] = []
    /// The portals that went with their savepoint, by their numbers.
    private var gone: [ClosedRange<Int>] = []

    /// Opens a portal and returns its number.
    mutating func open() -> Int {
        count += 1
        return count
    }

    /// Whether there are portals to be closed.
    var hasForgotten: Bool { !forgotten.isEmpty }

    /// Has a portal closed with the next flight. Beyond the bound it lives to the end of its transaction.
    mutating func forget(_ name: String) {
        if forgotten.count < Self.forgottenMax { forgotten.append(name) }
    }

    private static let forgottenMax = 10_000

    /// Returns the names of those to be closed, which are forgotten by that.
    mutating func takeForgotten() -> [String] {
        defer { forgotten.removeAll() }
        return forgotten
    }

    /// A savepoint was undone, and what was opened after so many portals is gone.
    mutating func lose(openedAfter kept: Int) {
        guard count > kept else { return }
        // What was undone lies within it, or right before it.
        var first = kept + 1
        while let last = gone.last, last.upperBound >= first - 1 { first = min(first, gone.removeLast().lowerBound) }
        gone.append(first...count)
    }

    /// The transaction has ended, and with it all of its portals.
    mutating func endTransaction() { gone.removeAll() }

    /// Throws where the portal is gone.
    func check(_ number: Int) throws(PostgresError) {
        guard !gone.contains(where: { $0.contains(number) }) else { throw .portalIsGone }
    }
}

extension PostgresError {
    static var portalIsGone: PostgresError {
        PostgresError(
            .invalidState, "the portal is gone",
            hint: "It lives no longer than its transaction, or the savepoint in which it was opened.")
    }
}
