extension Row {
    /// Decodes the row's columns, all of them, into a tuple. Up to sixteen columns are decoded by code of their own; more
    /// cost several times as much each.
    ///
    /// - Throws: `columnMismatch` where the row has more or fewer columns, or what a column's decoder throws.
    @inlinable
    @_disfavoredOverload
    public func decode<each Value: PostgresDecodable>(
        _ type: (repeat each Value).Type
    ) throws(PostgresError) -> (repeat each Value) {
        try read(Columns<repeat each Value>.self)
    }

    /// Decodes the row's only column.
    @inlinable
    public func decode<A: PostgresDecodable>(_ type: A.Type = A.self) throws(PostgresError) -> A {
        try read(Columns1<A>.self)
    }

    /// Decodes the row's two columns.
    @inlinable
    public func decode<A: PostgresDecodable, B: PostgresDecodable>(_ type: (A, B).Type) throws(PostgresError) -> (A, B)
    {
        try read(Columns2<A, B>.self)
    }

    /// Decodes the row's three columns.
    @inlinable
    public func decode<A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable>(_ type: (A, B, C).Type)
        throws(PostgresError) -> (A, B, C)
    {
        try read(Columns3<A, B, C>.self)
    }

    /// Decodes the row's four columns.
    @inlinable
    public func decode<A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable>(
        _ type: (A, B, C, D).Type
    ) throws(PostgresError) -> (A, B, C, D) {
        try read(Columns4<A, B, C, D>.self)
    }

    /// Decodes the row's five columns.
    @inlinable
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable
    >(_ type: (A, B, C, D, E).Type) throws(PostgresError) -> (A, B, C, D, E) {
        try read(Columns5<A, B, C, D, E>.self)
    }

    /// Decodes the row's six columns.
    @inlinable
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable
    >(_ type: (A, B, C, D, E, F).Type) throws(PostgresError) -> (A, B, C, D, E, F) {
        try read(Columns6<A, B, C, D, E, F>.self)
    }

    /// Decodes the row's seven columns.
    @inlinable
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G).Type) throws(PostgresError) -> (A, B, C, D, E, F, G) {
        try read(Columns7<A, B, C, D, E, F, G>.self)
    }

    /// Decodes the row's eight columns.
    @inlinable
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G, H).Type) throws(PostgresError) -> (A, B, C, D, E, F, G, H) {
        try read(Columns8<A, B, C, D, E, F, G, H>.self)
    }

    /// Decodes the row's nine columns.
    @inlinable
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G, H, I).Type) throws(PostgresError) -> (A, B, C, D, E, F, G, H, I) {
        try read(Columns9<A, B, C, D, E, F, G, H, I>.self)
    }

    /// Decodes the row's ten columns.
    @inlinable
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G, H, I, J).Type) throws(PostgresError) -> (A, B, C, D, E, F, G, H, I, J) {
        try read(Columns10<A, B, C, D, E, F, G, H, I, J>.self)
    }

    /// Decodes the row's eleven columns.
    @inlinable
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
        K: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G, H, I, J, K).Type) throws(PostgresError) -> (A, B, C, D, E, F, G, H, I, J, K) {
        try read(Columns11<A, B, C, D, E, F, G, H, I, J, K>.self)
    }

    /// Decodes the row's twelve columns.
    @inlinable
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
        K: PostgresDecodable, L: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G, H, I, J, K, L).Type) throws(PostgresError) -> (A, B, C, D, E, F, G, H, I, J, K, L) {
        try read(Columns12<A, B, C, D, E, F, G, H, I, J, K, L>.self)
    }

    /// Decodes the row's thirteen columns.
    @inlinable
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
        K: PostgresDecodable, L: PostgresDecodable, M: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G, H, I, J, K, L, M).Type) throws(PostgresError) -> (
        A, B, C, D, E, F, G, H, I, J, K, L, M
    ) {
        try read(Columns13<A, B, C, D, E, F, G, H, I, J, K, L, M>.self)
    }

    /// Decodes the row's fourteen columns.
    @inlinable
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
        K: PostgresDecodable, L: PostgresDecodable, M: PostgresDecodable, N: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G, H, I, J, K, L, M, N).Type) throws(PostgresError) -> (
        A, B, C, D, E, F, G, H, I, J, K, L, M, N
    ) {
        try read(Columns14<A, B, C, D, E, F, G, H, I, J, K, L, M, N>.self)
    }

    /// Decodes the row's fifteen columns.
    @inlinable
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
        K: PostgresDecodable, L: PostgresDecodable, M: PostgresDecodable, N: PostgresDecodable, O: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G, H, I, J, K, L, M, N, O).Type) throws(PostgresError) -> (
        A, B, C, D, E, F, G, H, I, J, K, L, M, N, O
    ) {
        try read(Columns15<A, B, C, D, E, F, G, H, I, J, K, L, M, N, O>.self)
    }

    /// Decodes the row's sixteen columns.
    @inlinable
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
        K: PostgresDecodable, L: PostgresDecodable, M: PostgresDecodable, N: PostgresDecodable, O: PostgresDecodable,
        P: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P).Type) throws(PostgresError) -> (
        A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P
    ) {
        try read(Columns16<A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P>.self)
    }

    @inlinable
    @inline(always)
    func read<Columns: ColumnValues>(_ type: Columns.Type) throws(PostgresError) -> Columns.Values {
        var cursor = cells
        do throws(PostgresError) {
            let values = try Columns.read(&cursor)
            guard cursor.isAtEnd else { throw Self.columnsLeft() }
            try cursor.finish()
            return values
        } catch {
            throw error.located(in: layout, rowNumber: number)
        }
    }

    /// The error for a row with more columns than are decoded.
    @usableFromInline
    @inline(never)
    package static func columnsLeft() -> PostgresError {
        PostgresError(
            .columnMismatch, "the row has more columns than are decoded",
            hint: "Select the columns you decode, or read them by name.")
    }
}
