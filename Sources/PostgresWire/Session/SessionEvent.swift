/// What the server's messages mean to whoever runs the session.
package enum SessionEvent: Sendable {
    /// The server asks for a proof; the session waits for `sendPassword` or one of the SASL calls.
    case authenticationRequested(AuthenticationRequest)
    /// The server is content with the proof.
    case authenticated
    /// The next verb may begin.
    case ready(TransactionStatus)
    /// A statement was made out of SQL.
    case parsed
    /// The parameters of the described statement have these types; `columns` or `noColumns` follows.
    case parameterTypes([UInt32])
    /// Parameters were bound to a statement: what fails from now on fails while the statement runs.
    case bound
    /// The rows that follow, or those that the described statement will return, have these columns.
    case columns([ColumnDescription])
    /// The statement returns no rows.
    case noColumns
    /// Whole rows, as indices into the row table of the slab they lie in.
    case rows(Range<Int>)
    /// A part of a row one of whose values comes in pieces.
    case part(RowPart)
    /// Runs of a statement that runs again and again went well. What they returned was read past.
    case ran(RunsAnswered)
    /// An Execute reached its row limit: the portal may be executed again, or closed.
    case suspended
    /// A command ended. In a simple query another may follow.
    case completed(CommandTag)
    /// The query string held no command.
    case emptyQuery
    /// The statement is a COPY, which a query cannot carry; the session refuses its data and goes on to the end.
    case copyRefused
    /// A COPY that is welcome waits for data: `sendCopyData`, and then `sendCopyDone` or `sendCopyFail`.
    case copyIn(CopyFormats)
    /// A COPY that is welcome is going to send data.
    case copyOut(CopyFormats)
    /// Both sides may send data from now on (manual: "Streaming Replication Protocol").
    case copyBoth(CopyFormats)
    /// The data of one CopyData, at the indices that were given with it.
    case copyData(Range<Int>)
    /// The server has sent all its data.
    case copyDone
    /// The server reports an error. Within a verb `ready` follows, unless `isFatal`.
    case failed(NoticeFields, isFatal: Bool)
    /// A warning or information; it may come at any time.
    case notice(NoticeFields)
    /// A run-time parameter has a new value; it may come at any time.
    case parameterChanged(ParameterStatus)
    /// A notification of a channel that the session listens to; it may come at any time.
    case notified(NotificationResponse)
}
