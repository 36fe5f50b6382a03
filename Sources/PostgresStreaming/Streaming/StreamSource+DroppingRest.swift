import PostgresTransport
import PostgresWire

extension StreamSource {
    /// Reads the rest of a result of which nothing more is wanted, as far as that is less than leaving it costs.
    ///
    /// - Throws: what the statement fails with; then its first row was not the truth.
    nonisolated(nonsending) func dropRest() async throws(PostgresError) {
        guard results == nil, control.isAwaitingConsumer, !isCutOff else { return }
        if let feed { return feed.isLeftAtOnce ? stop() : try await dropRestOfFeed() }
        let driver = try gate.held()
        guard control.dropRest() else { return }
        gate.beginFetching()
        dropRowsInHand()
        do throws(PostgresError) {
            // Last of all: the connection may be another call's from then on.
            if case .ready(let failure) = try await drop(driver) { try finish(failure) }
        } catch {
            guard !control.hasEnded else { throw error }
            leave(after: error)
            throw isCutOff ? error : await gate.settled(error)
        }
    }

    /// Reads on to the end of rows that others bring, which would have to be read past all the same.
    private nonisolated(nonsending) func dropRestOfFeed() async throws(PostgresError) {
        while true {
            switch try chunkAtHand() {
            case .chunk: break
            case .endOfResult: return
            case .toBeFetched: guard try await fetchChunk() != nil else { return }
            }
        }
    }

    /// Drops rows up to the end, if that does not cost too much.
    private nonisolated(nonsending) func drop(
        _ driver: ConnectionDriver
    ) async throws(PostgresError) -> AnswerEnd<Void> {
        // Neither a pause nor a memory limit is about rows that are dropped; the query's own time is.
        let end = regulator.deadline
        driver.regulate(by: nil)
        driver.channel.droppedRowBytesMax = .max
        defer {
            driver.channel.droppedRowBytesMax = nil
            driver.regulate(by: regulator)
            endFetching()
        }
        if let first = first.take() { note(first, driver) }
        if isWriting { return try await dropEverything(driver) }
        let isInBlock = driver.isInBlock
        let time = TimeAllowed(isInBlock ? gate.times.cleanUp : Self.droppingTime)
        do throws(PostgresError) {
            return try await driver.within(until: end) { driver throws(PostgresError) in
                try await driver.within(until: time.end) { driver throws(PostgresError) in
                    try await driver.answers(bytesMax: isInBlock ? .max : Self.droppedBytesMax) { event in
                        note(event, driver)
                        return nil
                    }
                }
            }
        } catch {
            // Where only this wait is over the rest is left.
            let isPatient = end.map { MonotonicTime.now < $0 } ?? true
            guard error.code == .queryTimedOut, driver.failure == nil, time.isOver, isPatient else { throw error }
            return .tooLong
        }
    }

    private static let droppedBytesMax = 256 << 10
    private static let droppingTime = Duration.milliseconds(1)

    private nonisolated(nonsending) func dropEverything(
        _ driver: ConnectionDriver
    ) async throws(PostgresError) -> AnswerEnd<Void> {
        while true {
            // How long the server was silent counts from each event; the time for the query goes on.
            regulator.noteHeard()
            let end = try await driver.within(until: regulator.deadline) { driver throws(PostgresError) in
                try await driver.answers { event in note(event, driver) }
            }
            guard case .taken = end else { return end }
        }
    }
}
