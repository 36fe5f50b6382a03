import PostgresWire

/// What the CopyData messages of a copy to the client hold.
enum CopyContent {
    /// Data of any format, which is handed out as it comes.
    case data
    /// Tuples of the binary format, which are handed out as rows.
    case tuples(CopyTuples)

    var isData: Bool { if case .data = self { true } else { false } }

    /// Those of the messages that are handed out.
    func rows(of rows: Range<Int>, from driver: ConnectionDriver) throws(PostgresError) -> Range<Int> {
        guard case .tuples(let tuples) = self else { return rows }
        do throws(ProtocolViolation) {
            return try tuples.tuples(among: rows, in: driver.slab)
        } catch {
            throw Self.failure(error, of: driver)
        }
    }

    /// The server has sent everything.
    func end(on driver: ConnectionDriver) throws(PostgresError) {
        guard case .tuples(let tuples) = self else { return }
        do throws(ProtocolViolation) {
            try tuples.end()
        } catch {
            throw Self.failure(error, of: driver)
        }
    }

    /// What does not hold together ends the connection: nothing else that the server says could be trusted.
    private static func failure(_ violation: ProtocolViolation, of driver: ConnectionDriver) -> PostgresError {
        let error = PostgresError(violation, isConnecting: false)
        driver.fail(error)
        return error
    }
}
