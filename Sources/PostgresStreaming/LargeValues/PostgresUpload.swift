import PostgresTransport
import PostgresWire

/// A parameter that is sent in pieces as they come: how many bytes it has, and where they come from.
struct PostgresUpload<Source: AsyncSequence> where Source.Element == [UInt8] {
    let source: Source
    let byteCount: Int

    /// Sends all of it, and reads what the server says meanwhile. Once it has begun, it is sent whole or the connection is closed,
    /// because the server was told how long it is.
    ///
    /// - Throws: what the source throws; `parameterInvalid` where it has another length; the connection's failure, `cancelled`,
    ///   `queryTimedOut`.
    nonisolated(nonsending) func send(by driver: ConnectionDriver) async throws {
        do {
            var left = byteCount
            var iterator = source.makeAsyncIterator()
            // The last piece is sent when it is known to be the last.
            var last: [UInt8] = []
            while let piece = try await iterator.next(isolation: #isolation) {
                guard piece.count <= left else { throw wrongLength("is longer") }
                guard !piece.isEmpty else { continue }
                left -= piece.count
                try await send(last, by: driver)
                last = piece
            }
            guard left == 0 else { throw wrongLength("ended after \(byteCount - left)") }
            try await send(last, by: driver)
        } catch {
            driver.fail(.uploadLeft)
            throw error
        }
    }

    private nonisolated(nonsending) func send(_ piece: [UInt8], by driver: ConnectionDriver) async throws(PostgresError)
    {
        for start in stride(from: 0, to: piece.count, by: Self.sentBytesMax) {
            let end = min(start + Self.sentBytesMax, piece.count)
            driver.session.outbound.fillGap(piece.rawSpan.extracting(start..<end))
            // From the last byte on the server answers, and that is read with the rows.
            guard driver.session.outbound.gapBytes > 0 else { return }
            driver.flush()
            // The server says nothing here unless something is wrong.
            let answer: AnswerEnd<Void>?
            if driver.session.outbound.isEmpty {
                _ = try driver.readOnce()
                answer = try driver.answersAtHand { _ in nil as Void? }
            } else {
                answer = try await driver.answers(unsentMax: Self.unsentBytesMax) { _ in nil as Void? }
            }
            if case .ready(let failure) = answer { throw failure ?? .answeredEarly }
        }
    }

    /// So much is put into words at a time.
    private static var sentBytesMax: Int { 256 << 10 }
    /// So many bytes may be left over when the kernel has no room for them.
    private static var unsentBytesMax: Int { 64 << 10 }

    private func wrongLength(_ what: String) -> PostgresError {
        PostgresError(
            .parameterInvalid, "connection closed: the value that is sent was to have \(byteCount) bytes and \(what)",
            isConnectionUsable: false)
    }
}

extension PostgresError {
    fileprivate static var answeredEarly: PostgresError {
        PostgresError(.protocolViolation, "the server was ready before all of a value was sent")
    }

    fileprivate static var uploadLeft: PostgresError {
        PostgresError(
            .connectionClosed, "the connection was closed: a value was left while it was being sent",
            isConnectionUsable: false)
    }
}
