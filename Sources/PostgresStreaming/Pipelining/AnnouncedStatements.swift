/// The statements that flights make which are not answered yet.
struct AnnouncedStatements {
    private struct Announcement {
        let statement: KnownStatement
        let name: String
        let sync: Int
    }

    private var announced: [ObjectIdentifier: Announcement] = [:]
    /// The statement without a name that was made last, and in which Sync's flight.
    private var unnamed: (statement: KnownStatement, sync: Int)?

    /// What a statement needs before it can be bound.
    enum Need { case nothing, parse, closeAndParse }

    /// Says what has to go before a statement that is bound in the flight of a Sync.
    ///
    /// - Parameter isSkippedWithSync: whether an error skips what follows it up to the end of its Sync's flight, and with it
    ///   what makes the statement.
    func need(of statement: KnownStatement, sync: Int, isSkippedWithSync: Bool) -> Need {
        guard !statement.name.isEmpty else {
            return unnamed.map { $0.statement === statement && $0.sync == sync } ?? false ? .nothing : .parse
        }
        guard !statement.isPrepared else { return .nothing }
        guard let known = announced[ObjectIdentifier(statement)], known.name == statement.name else { return .parse }
        return isSkippedWithSync && known.sync != sync ? .closeAndParse : .nothing
    }

    /// A flight that makes the statement was said.
    mutating func announce(_ statement: KnownStatement, sync: Int) {
        guard !statement.name.isEmpty else {
            unnamed = (statement, sync)
            return
        }
        announced[ObjectIdentifier(statement)] = Announcement(
            statement: statement, name: statement.name, sync: sync)
    }

    /// Something else was made without a name.
    mutating func overwriteUnnamed() { unnamed = nil }

    /// The server has made the statement.
    ///
    /// - Returns: the name to close where the statement has lost it meanwhile; nil where there is nothing to do.
    mutating func confirm(_ statement: KnownStatement) -> String? {
        guard let known = announced.removeValue(forKey: ObjectIdentifier(statement)) else { return nil }
        return known.name == statement.name ? nil : known.name
    }

    /// A Sync was answered: what was to be made before it either was or will not be.
    mutating func settle(sync: Int) {
        guard !announced.isEmpty else { return }
        announced = announced.filter { $0.value.sync > sync }
    }
}
