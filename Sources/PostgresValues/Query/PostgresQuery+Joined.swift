extension Sequence<PostgresQuery> {
    /// Returns the fragments one behind the other with the separator between them; an empty query for none.
    ///
    /// ```swift
    /// let rows = pairs.map { "(\($0.id), \($0.name))" as PostgresQuery }
    /// try await connection.execute("INSERT INTO customer (id, name) VALUES \(rows.joined(separator: ", "))")
    /// ```
    ///
    /// A statement has at most 65,535 parameters. More rows go as one array per column, with a cast, because a `String` has
    /// no type until the server infers one and `unnest` takes any: `SELECT * FROM unnest(\(ids)::int[], \(names)::text[])`.
    public func joined(separator: PostgresQuery = ", ") -> PostgresQuery {
        var joined: PostgresQuery = ""
        var isFirst = true
        for fragment in self {
            if !isFirst { joined.append(separator) }
            joined.append(fragment)
            isFirst = false
        }
        return joined
    }
}
