/// What a row's columns become, one value each: a tuple, or one value where there is one column.
///
/// The library's own types conform, one for each number of columns, because the compiler makes no code of its own for
/// packs of types: those cost several times as much. `Columns` is for more columns than have a type here.
public protocol ColumnValues: SendableMetatype {
    /// The tuple.
    associatedtype Values

    /// Reads one column after the other.
    static func read(_ row: inout RowCursor) throws(PostgresError) -> Values
}

/// What rows cannot become. It exists for the compiler's message alone.
public enum UndecodableColumns<Values>: ColumnValues {
    /// Throws.
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> Values {
        throw PostgresError(.typeMismatch, "cannot decode a row into \(Values.self)")
    }
}

/// Any number of columns.
@frozen
public struct Columns<each Value: PostgresDecodable>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (repeat each Value) {
        try (repeat row.next((each Value).self))
    }
}

/// One column.
@frozen
public enum Columns1<A: PostgresDecodable>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> A {
        try row.next()
    }
}

/// Two columns.
@frozen
public enum Columns2<A: PostgresDecodable, B: PostgresDecodable>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (A, B) {
        (try row.next(), try row.next())
    }
}

/// Three columns.
@frozen
public enum Columns3<A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (A, B, C) {
        (try row.next(), try row.next(), try row.next())
    }
}

/// Four columns.
@frozen
public enum Columns4<A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable>:
    ColumnValues
{
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (A, B, C, D) {
        (try row.next(), try row.next(), try row.next(), try row.next())
    }
}

/// Five columns.
@frozen
public enum Columns5<
    A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable
>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (A, B, C, D, E) {
        (try row.next(), try row.next(), try row.next(), try row.next(), try row.next())
    }
}

/// Six columns.
@frozen
public enum Columns6<
    A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
    F: PostgresDecodable
>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (A, B, C, D, E, F) {
        (try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next())
    }
}

/// Seven columns.
@frozen
public enum Columns7<
    A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
    F: PostgresDecodable, G: PostgresDecodable
>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (A, B, C, D, E, F, G) {
        (try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next())
    }
}

/// Eight columns.
@frozen
public enum Columns8<
    A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
    F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable
>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (A, B, C, D, E, F, G, H) {
        (
            try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next(),
            try row.next(), try row.next()
        )
    }
}

/// Nine columns.
@frozen
public enum Columns9<
    A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
    F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable
>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (A, B, C, D, E, F, G, H, I) {
        (
            try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next(),
            try row.next(), try row.next(), try row.next()
        )
    }
}

/// Ten columns.
@frozen
public enum Columns10<
    A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
    F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable
>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (A, B, C, D, E, F, G, H, I, J) {
        (
            try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next(),
            try row.next(), try row.next(), try row.next(), try row.next()
        )
    }
}

/// Eleven columns.
@frozen
public enum Columns11<
    A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
    F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
    K: PostgresDecodable
>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (A, B, C, D, E, F, G, H, I, J, K) {
        (
            try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next(),
            try row.next(), try row.next(), try row.next(), try row.next(), try row.next()
        )
    }
}

/// Twelve columns.
@frozen
public enum Columns12<
    A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
    F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
    K: PostgresDecodable, L: PostgresDecodable
>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (A, B, C, D, E, F, G, H, I, J, K, L) {
        (
            try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next(),
            try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next()
        )
    }
}

/// Thirteen columns.
@frozen
public enum Columns13<
    A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
    F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
    K: PostgresDecodable, L: PostgresDecodable, M: PostgresDecodable
>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (A, B, C, D, E, F, G, H, I, J, K, L, M) {
        (
            try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next(),
            try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next(),
            try row.next()
        )
    }
}

/// Fourteen columns.
@frozen
public enum Columns14<
    A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
    F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
    K: PostgresDecodable, L: PostgresDecodable, M: PostgresDecodable, N: PostgresDecodable
>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (A, B, C, D, E, F, G, H, I, J, K, L, M, N)
    {
        (
            try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next(),
            try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next(),
            try row.next(), try row.next()
        )
    }
}

/// Fifteen columns.
@frozen
public enum Columns15<
    A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
    F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
    K: PostgresDecodable, L: PostgresDecodable, M: PostgresDecodable, N: PostgresDecodable, O: PostgresDecodable
>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (
        A, B, C, D, E, F, G, H, I, J, K, L, M, N, O
    ) {
        (
            try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next(),
            try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next(),
            try row.next(), try row.next(), try row.next()
        )
    }
}

/// Sixteen columns.
@frozen
public enum Columns16<
    A: PostgresDecodable, B: PostgresDecodable, C: PostgresDecodable, D: PostgresDecodable, E: PostgresDecodable,
    F: PostgresDecodable, G: PostgresDecodable, H: PostgresDecodable, I: PostgresDecodable, J: PostgresDecodable,
    K: PostgresDecodable, L: PostgresDecodable, M: PostgresDecodable, N: PostgresDecodable, O: PostgresDecodable,
    P: PostgresDecodable
>: ColumnValues {
    /// Reads one column after the other.
    @inlinable
    @inline(always)
    public static func read(_ row: inout RowCursor) throws(PostgresError) -> (
        A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P
    ) {
        (
            try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next(),
            try row.next(), try row.next(), try row.next(), try row.next(), try row.next(), try row.next(),
            try row.next(), try row.next(), try row.next(), try row.next()
        )
    }
}
