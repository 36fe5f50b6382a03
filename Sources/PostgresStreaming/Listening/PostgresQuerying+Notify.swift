extension PostgresQuerying {
    /// Notifies the listeners of a channel (manual: "NOTIFY"), at the commit where it is called in a transaction.
    ///
    /// Of equal notifications of one transaction the server delivers one.
    ///
    /// - Parameters:
    ///   - channel: the name of the channel, with its case; 63 bytes at most.
    ///   - payload: what the listeners are told; 7,999 bytes at most.
    /// - Throws: `queryInvalid` for what is no name of a channel; `parameterInvalid` for a payload that is too long, before
    ///   anything is sent; otherwise as `query`.
    public nonisolated(nonsending) func notify(
        _ channel: String, payload: String = ""
    ) async throws(PostgresError) {
        let name = try ChannelName(channel).text
        guard payload.utf8.count <= 7_999 else {
            throw PostgresError(
                .parameterInvalid, "the payload of a notification has 7999 bytes at most",
                hint: "This one has \(payload.utf8.count) bytes. Store it in a table and send its key.")
        }
        try await execute("SELECT pg_catalog.pg_notify(\(name), \(payload))")
    }
}
