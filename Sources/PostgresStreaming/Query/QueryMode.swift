/// How a query is sent, and how its rows come (manual: "Message Flow").
public enum QueryMode: Hashable, Sendable {
    /// The extended query protocol: parameters, binary results, one statement. The rows come as fast as they are asked for;
    /// a consumer that pauses lets the server wait in its write to the socket. The default.
    case extended
    /// The simple query protocol: no parameters, results as text, and several statements in one string, of which at most
    /// one may return rows. For servers and poolers that know nothing else, and for scripts.
    case simple
    /// The extended query protocol by a portal of its own, whose rows come `batch` at a time: nil for as many as the chunks of
    /// the stream have, within their bounds in bytes. Only within a transaction.
    ///
    /// Between two batches the connection is free: other statements run, and several such streams can be read in turns. A
    /// paused stream leaves the server idle in its transaction; leaving the stream closes the portal, and the transaction goes
    /// on. Each batch costs a round trip and is read whole, and a plan of the server's never runs in parallel.
    case portal(batch: Int? = nil)
    /// As `portal`, by a cursor that outlives its transaction (manual: `DECLARE … WITH HOLD`): for use outside of one. The server
    /// runs the query whole before the first row comes, and keeps all rows, on disk if they are many, until the stream has
    /// ended. Only for a `SELECT` or `VALUES`, on one connection, and not through a transaction pooler.
    case heldCursor(batch: Int? = nil)

    /// The most rows of a batch as the caller wants it; nil where rows do not come in batches.
    var batch: Int?? {
        switch self {
        case .extended, .simple: nil
        case .portal(let batch), .heldCursor(let batch): .some(batch)
        }
    }
}
