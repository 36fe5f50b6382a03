/// Where a query stands, in the order in which one usually gets there. New ones may come with any release.
public enum QueryPhase: String, Hashable, Sendable {
    /// It was asked for, and waits for the connection to be free.
    case queued
    /// The whole of it was handed to the kernel, and the server is at work.
    case sent
    /// The server has described its result, or has run it where it has none.
    case serverExecuting = "server_executing"
    /// The first row is here.
    case firstRow = "first_row"
    /// Rows come and are consumed.
    case streaming
    /// Rows are asked for, and the server takes its time.
    case stalledOnServer = "stalled_on_server"
    /// Rows are here, or wait at the server, and the consumer takes its time.
    case stalledOnConsumer = "stalled_on_consumer"
    /// It is paused.
    case paused
    /// It is over.
    case done
}
