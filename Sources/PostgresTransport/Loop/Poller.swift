import CSystemIO
import Glibc

/// Waits in the kernel for descriptors to become ready: epoll.
///
/// The one file that knows the platform's call. Registrations are edge-triggered for both directions, so a wait costs
/// no system call of its own.
@safe
struct Poller: ~Copyable {
    /// What a descriptor became ready for.
    struct Event {
        let token: UInt64
        let interest: Interest
    }

    private let epoll: Int32
    /// Written to make a wait in the kernel return; token 0.
    private let wakeUp: Int32
    private var events = [csystemio_event](
        repeating: csystemio_event(events: 0, token: 0), count: Int(csystemio_events_max))

    static let wakeUpToken: UInt64 = 0

    init() throws(TransportError) {
        (epoll, wakeUp) = try Self.open()
    }

    private static func open() throws(TransportError) -> (epoll: Int32, wakeUp: Int32) {
        let epoll = csystemio_epoll_create()
        guard epoll >= 0 else { throw TransportError.system("epoll_create1", errno) }
        let wakeUp = csystemio_eventfd()
        guard wakeUp >= 0, csystemio_epoll_add_level(epoll, wakeUp, Self.wakeUpToken) == 0 else {
            let code = errno
            close(epoll)
            if wakeUp >= 0 { close(wakeUp) }
            throw TransportError.system("eventfd", code)
        }
        return (epoll, wakeUp)
    }

    deinit {
        close(epoll)
        close(wakeUp)
    }

    /// What other threads may use while the loop's own thread waits.
    var remote: Remote { Remote(epoll: epoll, wakeUp: wakeUp) }

    struct Remote: Sendable {
        fileprivate let epoll: Int32
        fileprivate let wakeUp: Int32

        func add(_ descriptor: Int32, token: UInt64) throws(TransportError) {
            guard csystemio_epoll_add(epoll, descriptor, token) == 0 else {
                throw TransportError.system("epoll_ctl", errno)
            }
        }

        /// Has the descriptor reported, or not.
        func arm(_ descriptor: Int32, token: UInt64, _ isArmed: Bool) {
            _ = csystemio_epoll_arm(epoll, descriptor, token, isArmed ? 1 : 0)
        }

        func remove(_ descriptor: Int32) {
            _ = csystemio_epoll_remove(epoll, descriptor)
        }

        /// Makes the wait in the kernel return. The counter cannot overflow: the loop resets it on every return.
        func wake() {
            var one: UInt64 = 1
            _ = unsafe write(wakeUp, &one, 8)
        }
    }

    /// Waits until something is ready or `nanoseconds` have passed (nil: without limit) and hands out the events.
    ///
    /// - Returns: whether there was something, if only that the wait was to return.
    mutating func wait(nanoseconds: Int64?, _ body: (Event) -> Void) -> Bool {
        let ready = unsafe csystemio_epoll_wait(epoll, &events, Int32(events.count), nanoseconds ?? -1)
        guard ready > 0 else { return false }
        for event in events[..<Int(ready)] {
            guard event.token != Self.wakeUpToken else {
                var count: UInt64 = 0
                _ = unsafe read(wakeUp, &count, 8)
                continue
            }
            var interest: Interest = []
            if event.events & csystemio_readable() != 0 { interest.insert(.readable) }
            if event.events & csystemio_writable() != 0 { interest.insert(.writable) }
            body(Event(token: event.token, interest: interest))
        }
        return true
    }
}
