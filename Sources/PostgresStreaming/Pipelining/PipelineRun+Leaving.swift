import PostgresTransport
import PostgresWire

extension PipelineRun {
    /// Brings the connection to where the next verb can begin, or closes it; what was queued is settled.
    ///
    /// What has not begun to run by then is not run, but for what the kernels already hold. An implicit transaction that is
    /// open is rolled back.
    nonisolated(nonsending) func leave() async {
        guard !hasEnded else { return }
        hasEnded = true
        queue.forEach { $0.statement.discard() }
        if isAtWork {
            gate.endUnderCall()
        } else if driver.failure == nil, !driver.session.isIdle {
            let handover = PipelineHandover(self)
            await gate.shield(.other { driver, time in await handover.run.leave(driver, within: time) })
        } else {
            gate.finish()
        }
        if let failure = driver.failure { lose(failure) }
    }

    /// Does so on the loop.
    fileprivate nonisolated(nonsending) func leave(_ driver: ConnectionDriver, within time: Duration) async {
        guard driver.failure == nil, !driver.session.isIdle else { return }
        driver.regulate(by: nil)
        driver.channel.droppedRowBytesMax = 16 << 20
        defer { driver.channel.droppedRowBytesMax = nil }
        do throws(PostgresError) {
            try undoGroup()
            let isInBlock = driver.isInBlock || isInBlock
            let patience = isInBlock ? min(.seconds(2), time * 2 / 5) : Self.patience
            if try await drain(bytesMax: isInBlock ? 16 << 20 : 256 << 10, for: patience) { return }
            // What lies here would be run after the cancellation.
            guard driver.session.outbound.isEmpty else { throw Self.leftUnsent }
            try await cancelAndDrain()
            driver.runner.hasLeftTransaction = driver.session.transactionStatus == .failed
        } catch {
            driver.fail(error)
        }
    }

    private static var patience: Duration { .milliseconds(1) }

    private static var leftUnsent: PostgresError {
        PostgresError(
            .connectionLost, "connection closed: a pipeline was left with statements that were not sent",
            isConnectionUsable: false)
    }

    /// Ends a group that has no Sync yet. Outside of a block a Sync by itself would commit what has run.
    private func undoGroup() throws(PostgresError) {
        guard isUnsynced else { return }
        if !isInBlock {
            var flight = ExtendedFlight()
            flight.run(command: "ROLLBACK")
            let sync = driver.session.syncsSaid
            do throws(FrontendMessageError) {
                try driver.session.start(flight, andSync: false)
            } catch {
                throw PostgresError(error)
            }
            let known = KnownStatement(KnownStatement.Key(sql: "ROLLBACK", types: []))
            note(PipelinedRun(statement: makeStatement(), known: known, layout: nil, leadingCount: 0), sync)
        }
        try endGroup()
    }

    /// Reads to the end of all answers; false where the bounds did not suffice.
    private nonisolated(nonsending) func drain(
        bytesMax: Int, for time: Duration
    ) async throws(PostgresError) -> Bool {
        let start = driver.channel.receivedBytes
        do throws(PostgresError) {
            return try await driver.within(time) { driver throws(PostgresError) in
                while !driver.session.isIdle {
                    let left = bytesMax - (driver.channel.receivedBytes - start)
                    let end = try await driver.answers(bytesMax: max(left, 0)) { event in
                        take(event)
                        return nil as Void?
                    }
                    guard case .ready(let failure) = end else { return false }
                    settle(failure)
                }
                return true
            }
        } catch {
            guard driver.failure == nil else { throw error }
            return false
        }
    }

    /// Asks the server to cancel until everything was answered. Each request is over before the next verb can begin.
    private nonisolated(nonsending) func cancelAndDrain() async throws(PostgresError) {
        var patience = Duration.milliseconds(100)
        repeat {
            do {
                try await driver.requestCancel()
            } catch {
                throw PostgresError(
                    .connectionLost, "connection closed: a pipeline that was left could not be cancelled",
                    isConnectionUsable: false)
            }
            if try await drain(bytesMax: .max, for: patience) { return }
            patience *= 2
        } while driver.deadline.map { MonotonicTime.now < $0 } ?? true
        throw PostgresError(
            .connectionLost, "connection closed: the server did not end a cancelled pipeline in time",
            isConnectionUsable: false)
    }
}

/// A pipeline on its way to the loop and back.
///
/// The claim made by `@unchecked`: its owner waits in `leave` until the loop has done with it.
private struct PipelineHandover: @unchecked Sendable {
    let run: PipelineRun

    init(_ run: PipelineRun) { self.run = run }
}
