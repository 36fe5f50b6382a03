import PostgresTransport
import PostgresWire

extension ConnectionDriver {
    /// Asks the server to cancel what it runs, on a connection of its own, and waits until the request was passed on
    /// (manual: "Canceling Requests in Progress").
    ///
    /// The end of the cancel connection is the barrier: only after it can a late cancel not hit the next query.
    nonisolated(nonsending) func requestCancel() async throws(TransportError) {
        let start = MonotonicTime.now.nanoseconds
        var outcome = CancelOutcome.failed
        defer { observation?.cancelRequested(outcome, since: start) }
        guard let key = session.cancelKey else { throw TransportError.closedByPeer }
        var deadline = MonotonicTime.now + times.cancel
        if let limit = self.deadline { deadline = min(deadline, limit) }
        let socket = try await Socket.connect(to: peer.address, on: loop, deadline: deadline)
        if let encryption = peer.encryption {
            // The key of an encrypted session is as secret as the session: never in the clear.
            guard case .begun = try await encryption.begin(on: socket, deadline: deadline, step: { _ in }) else {
                throw TransportError.closedByPeer
            }
        }
        var request = FrontendBuffer()
        // A number and a key of 256 bytes at most cannot fail to be encoded.
        try? request.append(CancelRequest(processID: key.processID, secretKey: key.secretKey))
        try await socket.send(&request, deadline: deadline)
        try await waitForEnd(of: socket, deadline: deadline)
        outcome = .delivered
    }

    private nonisolated(nonsending) func waitForEnd(
        of socket: Socket, deadline: MonotonicTime
    ) async throws(TransportError) {
        let scratch = ReceiveSlab(capacity: 64)
        while true {
            do throws(TransportError) {
                let count = try scratch.receive { output throws(TransportError) in _ = try socket.read(into: &output) }
                // The server has nothing to say here; whatever it is, it is not the cancellation going through.
                guard count == 0 else { throw TransportError.system("cancel", 0) }
                try await socket.wait(for: .readable, deadline: deadline)
            } catch .closedByPeer {
                return
            } catch .system("recv", _) {
                // A reset ends the connection as well as an orderly end does.
                return
            }
        }
    }

    /// Whether what runs is part of a transaction block that has to last; its flight may have opened it.
    var isInBlock: Bool { runner.isInBlock(session.transactionStatus) }

    /// Brings a connection whose query was left early back to where the next verb can begin, or closes it.
    ///
    /// What is left is read to its end if it is little; else the server is asked to cancel, and what it had sent by
    /// then is read. Inside a transaction block cancelling would fail the user's transaction, so there reading on is
    /// tried for longer.
    ///
    /// - Parameters:
    ///   - time: the time for all of it, which the caller keeps.
    ///   - note: is given the events that come meanwhile.
    /// - Returns: how the query ended; nil where the connection was closed, or no query was left.
    @discardableResult
    nonisolated(nonsending) func leaveQuery(
        within time: Duration, _ note: (SessionEvent) -> Void = { _ in }
    ) async -> LeftQuery? {
        guard failure == nil, !session.isIdle, !session.hasEnded else { return nil }
        regulate(by: nil)
        channel.droppedRowBytesMax = Self.droppedRowBytesMax
        guard channel.bytesToDrop <= Self.droppedRowBytesMax else {
            fail(.leftWithinRow)
            return nil
        }
        let start = MonotonicTime.now.nanoseconds
        var way = ExitWay.closed
        defer {
            channel.droppedRowBytesMax = nil
            observation?.left(way, since: start)
        }
        // A server that waits for data heeds no cancellation, and ends by itself once it is told that none will come.
        let isEnding = session.takesCopyFail
        failCopy(Self.reasonOfLeaving)
        // After the last row only the commit is outstanding, which must not be cancelled either.
        let isCheap = !isInBlock && !session.isFinishing && !isEnding
        let patience = isCheap ? Patience.outsideTransaction : .insideTransaction(time)
        do throws(PostgresError) {
            if let left = try await drain(bytesMax: patience.bytes, for: patience.time, note) {
                way = .drained
                return left
            }
            let left = try await cancelAndDrain(note)
            runner.hasLeftTransaction = session.transactionStatus == .failed
            way = runner.hasLeftTransaction ? .cancelledTransaction : .cancelled
            return left
        } catch {
            fail(error)
            return nil
        }
    }

    /// Asks the server to cancel until it has.
    ///
    /// A request that overtakes its query, which may still be on its way, finds an idle server and is forgotten there;
    /// nothing tells that apart from a server that takes its time. Asking again is safe, because every request is over
    /// before the next query can begin.
    private nonisolated(nonsending) func cancelAndDrain(
        _ note: (SessionEvent) -> Void
    ) async throws(PostgresError) -> LeftQuery {
        var patience = Patience.afterFirstCancel
        repeat {
            do throws(TransportError) {
                try await requestCancel()
            } catch {
                if error == .timedOut { observation?.passed(.cancel) }
                throw PostgresError(
                    .connectionLost, "connection closed: a query that was left early could not be cancelled",
                    isConnectionUsable: false)
            }
            if let left = try await drain(bytesMax: .max, for: patience, note) { return left }
            patience *= 2
        } while deadline.map { MonotonicTime.now < $0 } ?? true
        throw PostgresError(
            .connectionLost, "connection closed: the server did not end a cancelled query in time",
            isConnectionUsable: false)
    }

    /// A row that is longer is not read to its end: the connection is closed.
    private static let droppedRowBytesMax = 16 << 20
    private static let reasonOfLeaving = "the client gave up"

    private struct Patience {
        let bytes: Int
        let time: Duration

        static let outsideTransaction = Patience(bytes: 256 << 10, time: .milliseconds(1))
        /// A part of the whole time, so that enough is left for a cancel.
        static func insideTransaction(_ time: Duration) -> Patience {
            Patience(bytes: 16 << 20, time: min(.seconds(2), time * 2 / 5))
        }
        /// Doubled each time.
        static let afterFirstCancel = Duration.milliseconds(100)
    }

    /// Reads up to the end of the verb; nil where the bounds did not suffice.
    private nonisolated(nonsending) func drain(
        bytesMax: Int, for time: Duration, _ note: (SessionEvent) -> Void
    ) async throws(PostgresError) -> LeftQuery? {
        try await within(time) { driver throws(PostgresError) in
            do throws(PostgresError) {
                let end = try await driver.answers(bytesMax: bytesMax) { event in
                    if case .copyIn = event { driver.failCopy(Self.reasonOfLeaving) }
                    note(event)
                    return nil as Void?
                }
                if case .ready(let failure) = end { return LeftQuery(failure: failure) }
            } catch {
                // If the connection did not fail, only the wait is over.
                guard driver.failure == nil else { throw error }
            }
            return nil
        }
    }
}

/// How a query ended that was left.
struct LeftQuery {
    /// The first error that the server reported; nil where the query took its course.
    let failure: PostgresError?
}
