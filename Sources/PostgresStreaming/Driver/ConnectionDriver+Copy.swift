import PostgresWire

/// How a COPY begins.
enum CopyBeginning {
    /// The server waits for data.
    case input(CopyFormats)
    /// The server is going to send data.
    case output(CopyFormats)
    /// It was over without any data to carry, as a COPY between a table and a file of the server.
    case ended(CommandTag?)
}

extension ConnectionDriver {
    /// Says a COPY, after commands to run first in the same flight.
    func startCopy(_ sql: String, _ mode: QueryMode, after commands: [String]) throws(PostgresError) {
        runner.hasLeftTransaction = runner.hasLeftTransaction && session.transactionStatus == .failed
        let known = KnownStatement(KnownStatement.Key(sql: sql, types: []))
        guard mode == .extended else {
            do throws(FrontendMessageError) {
                try session.startSimpleQuery(sql, isCopyWelcome: true)
            } catch {
                throw PostgresError(error)
            }
            return runner.begin(RunningStatement(known, after: 0))
        }
        let forgotten = statements.takeForgottenNames()
        var flight = runner.flight(closing: forgotten, after: commands)
        flight.parse(sql)
        flight.run(BoundParameters(), resultFormats: [], result: .copy)
        try say(flight, running: RunningStatement(known, after: commands.count), closing: forgotten)
    }

    /// Reads to where the data begins, or to the end of a COPY that has none.
    nonisolated(nonsending) func readCopyBeginning() async throws(PostgresError) -> CopyBeginning {
        var tag: CommandTag?
        let beginning = try await answer { event -> CopyBeginning? in
            switch event {
            case .copyIn(let formats): return .input(formats)
            case .copyOut(let formats): return .output(formats)
            case .completed(let completed): tag = completed
            default: break
            }
            return nil
        }
        return beginning ?? .ended(tag)
    }

    /// Has the server end a COPY to it with an error; nothing of it takes effect.
    ///
    /// - Parameter reason: what the server's error repeats; NULs in it are left out.
    func failCopy(_ reason: String) {
        guard failure == nil, session.takesCopyFail else { return }
        try? session.sendCopyFail(reason: reason.filter { $0 != "\0" })
    }
}
