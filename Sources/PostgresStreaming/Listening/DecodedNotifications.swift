/// What a listener delivers, with each payload decoded as a JSON document; see `PostgresListener.decoded(as:)`.
///
/// A payload that does not decode is an element with its error, and the sequence goes on.
public struct DecodedNotifications<Payload: Sendable>: AsyncSequence, Sendable {
    /// What is delivered; see `PostgresListener.Element`.
    public enum Element: Sendable {
        /// The server listens to these channels.
        case listening([String])
        /// A notification, and what its payload was decoded into, or why it could not be.
        case notification(PostgresNotification, Result<Payload, PostgresError>)
        /// Notifications may be missing here.
        case gap(PostgresListener.GapReason, since: PostgresTimestampTZ)
    }

    /// Every error is a `PostgresError`.
    public typealias Failure = PostgresError

    let listener: PostgresListener

    /// Begins, or goes on, where the last iteration of the listener ended.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(elements: listener.makeAsyncIterator())
    }

    /// Steps from element to element.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var elements: PostgresListener.AsyncIterator

        /// Waits for the next element; nil once the listener was closed.
        ///
        /// - Throws: as the listener, never for a payload.
        public mutating func next() async throws(PostgresError) -> Element? {
            try await next(isolation: #isolation)
        }

        /// Waits for the next element; nil once the listener was closed.
        ///
        /// - Throws: as the listener, never for a payload.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> Element? {
            switch try await elements.next(isolation: actor) {
            case .listening(let channels)?: .listening(channels)
            case .gap(let reason, let since)?: .gap(reason, since: since)
            case .notification(let notification)?: .notification(notification, payload(of: notification))
            case nil: nil
            }
        }

        private func payload(of notification: PostgresNotification) -> Result<Payload, PostgresError> {
            do throws(PostgresError) { return .success(try notification.payload()) } catch { return .failure(error) }
        }
    }
}

extension PostgresListener {
    /// The elements with each payload decoded as a JSON document; see `PostgresNotification.payload(as:)`.
    ///
    /// - Parameter type: what the payloads become: a type that is `Decodable` or `JSONDecodable`.
    public func decoded<Payload>(as type: Payload.Type = Payload.self) -> DecodedNotifications<Payload> {
        DecodedNotifications(listener: self)
    }
}
