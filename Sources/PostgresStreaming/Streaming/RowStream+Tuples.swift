extension RowStream {
    /// What rows cannot become. It exists for the compiler's message alone, which would name one of the other overloads.
    @available(*, unavailable, message: "not RowDecodable or Decodable, nor a tuple of 2 to 16 PostgresDecodables")
    @_disfavoredOverload
    public func decode<Value>(_ type: Value.Type) -> DecodedTuples<UndecodableColumns<Value>> { DecodedTuples(source) }

    /// Decodes the only column of every row. A row that cannot be decoded throws and ends the stream.
    public func decode<A: PostgresDecodable>(_ type: A.Type = A.self) -> DecodedTuples<Columns1<A>> {
        DecodedTuples(source)
    }

    /// Decodes the two columns of every row, all that it has, into a tuple.
    ///
    /// ```swift
    /// for try await (id, name) in rows.decode((Int, String).self) { print(id, name) }
    /// ```
    ///
    /// A row that cannot be decoded throws and ends the stream. A tuple has up to sixteen values; for more columns there are
    /// `RowDecodable`, which is as fast, and `Decodable`.
    public func decode<A: PostgresDecodable, B: PostgresDecodable>(_ type: (A, B).Type) -> DecodedTuples<Columns2<A, B>>
    {
        DecodedTuples(source)
    }

    /// Decodes the three columns of every row.
    public func decode<A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable>(_ type: (A, B, C).Type)
        -> DecodedTuples<Columns3<A, B, C>>
    {
        DecodedTuples(source)
    }

    /// Decodes the four columns of every row.
    public func decode<A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable>(
        _ type: (A, B, C, D).Type
    ) -> DecodedTuples<Columns4<A, B, C, D>> {
        DecodedTuples(source)
    }

    /// Decodes the five columns of every row.
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable
    >(_ type: (A, B, C, D, E).Type) -> DecodedTuples<Columns5<A, B, C, D, E>> {
        DecodedTuples(source)
    }

    /// Decodes the six columns of every row.
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable
    >(_ type: (A, B, C, D, E, F).Type) -> DecodedTuples<Columns6<A, B, C, D, E, F>> {
        DecodedTuples(source)
    }

    /// Decodes the seven columns of every row.
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G).Type) -> DecodedTuples<Columns7<A, B, C, D, E, F, G>> {
        DecodedTuples(source)
    }

    /// Decodes the eight columns of every row.
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G, H).Type) -> DecodedTuples<Columns8<A, B, C, D, E, F, G, H>> {
        DecodedTuples(source)
    }

    /// Decodes the nine columns of every row.
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G, H, I).Type) -> DecodedTuples<Columns9<A, B, C, D, E, F, G, H, I>> {
        DecodedTuples(source)
    }

    /// Decodes the ten columns of every row.
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G, H, I, J).Type) -> DecodedTuples<Columns10<A, B, C, D, E, F, G, H, I, J>> {
        DecodedTuples(source)
    }

    /// Decodes the eleven columns of every row.
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
        K: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G, H, I, J, K).Type) -> DecodedTuples<Columns11<A, B, C, D, E, F, G, H, I, J, K>> {
        DecodedTuples(source)
    }

    /// Decodes the twelve columns of every row.
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
        K: PostgresDecodable, L: PostgresDecodable
    >(_ type: (A, B, C, D, E, F, G, H, I, J, K, L).Type) -> DecodedTuples<Columns12<A, B, C, D, E, F, G, H, I, J, K, L>>
    {
        DecodedTuples(source)
    }

    /// Decodes the thirteen columns of every row.
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
        K: PostgresDecodable, L: PostgresDecodable, M: PostgresDecodable
    >(
        _ type: (A, B, C, D, E, F, G, H, I, J, K, L, M).Type
    ) -> DecodedTuples<Columns13<A, B, C, D, E, F, G, H, I, J, K, L, M>> {
        DecodedTuples(source)
    }

    /// Decodes the fourteen columns of every row.
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
        K: PostgresDecodable, L: PostgresDecodable, M: PostgresDecodable, N: PostgresDecodable
    >(
        _ type: (A, B, C, D, E, F, G, H, I, J, K, L, M, N).Type
    ) -> DecodedTuples<Columns14<A, B, C, D, E, F, G, H, I, J, K, L, M, N>> {
        DecodedTuples(source)
    }

    /// Decodes the fifteen columns of every row.
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
        K: PostgresDecodable, L: PostgresDecodable, M: PostgresDecodable, N: PostgresDecodable, O: PostgresDecodable
    >(
        _ type: (A, B, C, D, E, F, G, H, I, J, K, L, M, N, O).Type
    ) -> DecodedTuples<Columns15<A, B, C, D, E, F, G, H, I, J, K, L, M, N, O>> {
        DecodedTuples(source)
    }

    /// Decodes the sixteen columns of every row.
    public func decode<
        A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
        F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
        K: PostgresDecodable, L: PostgresDecodable, M: PostgresDecodable, N: PostgresDecodable, O: PostgresDecodable,
        P: PostgresDecodable
    >(
        _ type: (A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P).Type
    ) -> DecodedTuples<Columns16<A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P>> {
        DecodedTuples(source)
    }
}
