extension PostgresTransaction {
    /// Makes a large object without bytes, and returns its object ID.
    ///
    /// - Parameter id: the object ID that it is to have; 0 for one of the server's choice.
    /// - Throws: as `query`; a `server` error, 23505, for an ID that is taken.
    public nonisolated(nonsending) func createLargeObject(id: UInt32 = 0) async throws(PostgresError) -> UInt32 {
        try await query("SELECT pg_catalog.lo_create(\(id, as: .oid))").only().decode(UInt32.self)
    }

    /// Opens a large object, at its first byte.
    ///
    /// - Throws: as `query`; a `server` error, 42704, for an ID that no object has, 42501 without the right to it.
    public nonisolated(nonsending) func openLargeObject(
        _ id: UInt32, for access: PostgresLargeObject.Access = .reading
    ) async throws(PostgresError) -> PostgresLargeObject {
        let descriptor = try await query("SELECT pg_catalog.lo_open(\(id, as: .oid), \(access.flags, as: .int4))")
            .only().decode(Int32.self)
        return PostgresLargeObject(id, self, descriptor: descriptor)
    }

    /// Removes a large object with its bytes.
    ///
    /// - Throws: as `query`; a `server` error, 42704, for an ID that no object has.
    public nonisolated(nonsending) func removeLargeObject(_ id: UInt32) async throws(PostgresError) {
        _ = try await query("SELECT pg_catalog.lo_unlink(\(id, as: .oid))").only().decode(Int32.self)
    }
}
