import Glibc
import PostgresTransport

/// Writes every event as one line to standard error, for a start and for programs without a log of their own.
///
/// Nothing waits for a reader that does not read: what a pipe has no room for is left out, and a later line says how much.
public final class StandardErrorObserver: PostgresObserver {
    /// What is asked for beyond the usual.
    public let interests: ObserverInterests

    private let format: EventFormat
    private let descriptor: Int32
    private let leftOut = Locked(0)

    /// Creates an observer.
    public convenience init(format: EventFormat = .text, interests: ObserverInterests = ObserverInterests()) {
        self.init(format: format, interests: interests, descriptor: STDERR_FILENO)
    }

    /// Creates an observer that writes elsewhere, for tests. The descriptor stays the caller's.
    package init(format: EventFormat, interests: ObserverInterests, descriptor: Int32) {
        self.format = format
        self.interests = interests
        self.descriptor = descriptor
    }

    /// Writes the event.
    public func observe(_ event: PostgresEvent) {
        let line = event.line(format)
        leftOut.withLock { count in
            if count > 0, write(missing(count, event)) { count = 0 }
            if count > 0 || !write(line) { count += 1 }
        }
    }

    private func missing(_ count: Int, _ event: PostgresEvent) -> String {
        var warning = PostgresEvent(.warning, connection: event.connection)
        warning.attributes["reason"] = "\(count) events were left out because nobody reads them"
        return warning.line(format)
    }

    /// False where there is no room at present.
    private func write(_ line: String) -> Bool {
        var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard unsafe poll(&poller, 1, 0) == 1, poller.revents & Int16(POLLOUT) != 0,
            poller.revents & Int16(POLLERR) == 0
        else { return false }
        var bytes = Array(line.utf8.prefix(EventLine.bytesMax - 1))
        bytes.append(UInt8(ascii: "\n"))
        return unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count
    }
}
