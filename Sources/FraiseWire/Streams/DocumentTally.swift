import PostgresStreaming

/// What became of the rows of a stream that are no documents for its consumer; stream and iterator share it.
@usableFromInline
final class DocumentTally {
    @usableFromInline var filtered = 0
    var skipped = 0
    var errors: [PostgresError] = []
}
