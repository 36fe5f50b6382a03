import PostgresWire

extension ConnectionDriver {
    /// Makes what regulates the stream of one query, for its observer.
    ///
    /// - Parameter time: the time for more than the query, of which it has no more than what is left.
    func makeRegulator(
        _ options: StreamOptions, _ observed: QueryObservation?, asked: Int64? = nil, within time: TimeAllowed? = nil
    ) -> StreamRegulator {
        var options = options
        options.timeout = options.timeout ?? times.query
        let control = StreamControl(
            cell: flowCell, account: channel.account, observation: observed,
            stallNanoseconds: settings.stallNanoseconds)
        return StreamRegulator(
            options, control: control, account: channel.account, asked: asked, within: time,
            processID: session.cancelKey?.processID)
    }
}
