extension PostgresClient {
    /// Asks how far the write-ahead log of the client's server is: everything that was committed through this client
    /// before the call lies before the position. One round trip, to read own writes from a standby:
    ///
    /// ```swift
    /// try await client.execute("UPDATE customer SET name = \(name) WHERE id = \(id)")
    /// let written = try await client.position()
    /// let row = try await client.reader(after: written).query("SELECT name FROM customer WHERE id = \(id)").only()
    /// ```
    ///
    /// - Throws: `targetSessionMismatch` where the client leads to a standby; otherwise as `withConnection(_:)` and
    ///   `query(_:mode:options:)`.
    public nonisolated(nonsending) func position() async throws(PostgresError) -> PostgresPosition {
        let (connection, home) = try await pool.lend(label: nil, timeout: nil)
        do throws(PostgresError) {
            let position = try await connection.position()
            home.takeBack(connection.gate.revoke())
            return position
        } catch {
            home.takeBack(connection.gate.revoke())
            throw error
        }
    }

    /// Reads that see everything that was committed before a position, from the standbys of `reader` where they are that
    /// far.
    ///
    /// Each read borrows a connection of the reader and asks its server how far it is, which costs a round trip unless the
    /// connection is known to be far enough. A standby that is not gets the time of `limit`; then, or at once where it is on
    /// another timeline, the read is done by this client, whose connections should lead to the primary. So after a
    /// promotion what was written before it is read from the primary.
    ///
    /// What is read is never older than the position. Behind a pooler that holds if each of the configuration's endpoints
    /// leads to one server; where a pooler spreads connections over several, use this client itself.
    ///
    /// - Parameters:
    ///   - position: what `position()` returned after the write, on whichever client of the same servers.
    ///   - limit: how long a standby may take until it has replayed the position. Half a second by default; zero asks once.
    public func reader(
        after position: PostgresPosition, within limit: Duration = .milliseconds(500)
    ) -> PostgresReader {
        PostgresReader(self, after: position, within: limit)
    }
}
