import PostgresWire

/// One run of a statement in a pipeline, from the time it is said until it is known what became of it.
struct PipelinedRun: PipelineItem {
    let statement: PipelinedStatement
    let known: KnownStatement
    /// The columns of its rows, where they were known when it was said.
    let layout: ColumnLayout?
    /// The commands before it in its flight, such as BEGIN.
    let leadingCount: Int

    func continues(_ other: PipelinedRun) -> Bool { statement === other.statement }

    func repeats(_ other: PipelinedRun) -> Bool {
        statement === other.statement && known === other.known && leadingCount == 0 && other.leadingCount == 0
    }

    /// The same as what the connection is about to hear of.
    var running: RunningStatement { RunningStatement(known, after: leadingCount) }

    /// What the end of the command says of the transaction.
    func mark(_ tag: PostgresCommandTag?) -> PipelineQueue<PipelinedRun>.Mark {
        // What counts rows ends no transaction.
        guard let tag, tag.rows == nil else { return .none }
        return switch tag.description {
        case "COMMIT", "PREPARE TRANSACTION": .committed
        // The tag of going back to a savepoint is the same, and undoes a part that is not known here.
        case "ROLLBACK" where !known.key.sql.lowercased().contains(" to "): .rolledBack
        default: .none
        }
    }
}
