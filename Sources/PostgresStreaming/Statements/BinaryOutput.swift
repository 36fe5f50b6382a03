/// Which types that are not built in can be sent in binary, as the server's catalogue said when it was asked.
struct BinaryOutput {
    private var isMissingByOID: [UInt32: Bool] = [:]
    /// The hashes of statements that are not kept and returned nothing but binary. Two statements of one hash cost no more
    /// than what this is to avoid.
    private var harmless: Set<Int> = []

    /// How many types are kept, and how many statements; about 64 KiB.
    private static let countMax = 2_048

    /// Returns those of the types that the catalogue was not asked about.
    func unknown(_ typeOIDs: [UInt32]) -> Set<UInt32> { Set(typeOIDs.filter { isMissingByOID[$0] == nil }) }

    /// Whether it is known that the type has no binary form, or holds values that have none.
    func isMissing(_ typeOID: UInt32) -> Bool { isMissingByOID[typeOID] ?? false }

    /// Takes note of an answer.
    mutating func note(_ typeOIDs: Set<UInt32>, missing: Set<UInt32>) {
        if isMissingByOID.count + typeOIDs.count > Self.countMax { isMissingByOID.removeAll() }
        for typeOID in typeOIDs.prefix(Self.countMax) { isMissingByOID[typeOID] = missing.contains(typeOID) }
    }

    /// Takes note of a statement all of whose values can be sent in binary, so that it is not described every time.
    mutating func noteHarmless(_ key: KnownStatement.Key) {
        if harmless.count >= Self.countMax { harmless.removeAll() }
        harmless.insert(key.hashValue)
    }

    /// Takes note of a statement some of whose values could not be sent in binary.
    mutating func noteHarmful(_ key: KnownStatement.Key) { harmless.remove(key.hashValue) }

    /// Whether all values of a statement that is not kept can be sent in binary, as far as it was seen.
    func isHarmless(_ key: KnownStatement.Key) -> Bool { !harmless.isEmpty && harmless.contains(key.hashValue) }

    /// Asks which of the types have no send function, or hold values of a type that has none: arrays, domains, composite
    /// types and ranges, to any depth. The answer is one text.
    static func query(_ typeOIDs: Set<UInt32>) -> PostgresQuery {
        """
        WITH RECURSIVE part (whole, oid) AS (
            SELECT oid, oid FROM pg_catalog.pg_type WHERE oid = ANY (\(typeOIDs.sorted()))
            UNION
            SELECT part.whole, held.oid FROM part JOIN pg_catalog.pg_type AS t ON t.oid = part.oid CROSS JOIN LATERAL (
                SELECT t.typelem UNION ALL SELECT t.typbasetype
                UNION ALL SELECT atttypid FROM pg_catalog.pg_attribute
                    WHERE t.typrelid <> 0 AND attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped
                UNION ALL SELECT rngsubtype FROM pg_catalog.pg_range WHERE rngtypid = t.oid
            ) AS held (oid) WHERE held.oid <> 0
        )
        SELECT pg_catalog.string_agg(DISTINCT part.whole::pg_catalog.text, ',')
        FROM part JOIN pg_catalog.pg_type AS t ON t.oid = part.oid WHERE t.typsend::pg_catalog.oid = 0
        """
    }
}
