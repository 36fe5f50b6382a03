/// What becomes of a row that is no document of the type that was asked for: it is NULL, no JSON, or has other members.
public enum DocumentErrorPolicy: Hashable, Sendable {
    /// The stream fails at it, and the query is left.
    case fail
    /// It is left out and counted; see `FraiseStream.skippedCount`.
    case skip
    /// It is left out and its error kept, of so many at most; see `FraiseStream.errors`.
    case collect(max: Int)
}
