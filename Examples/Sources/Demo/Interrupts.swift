import Dispatch
import Glibc
import Synchronization

/// Turns Ctrl-C, and being told to end, into a cancellation; the second time ends the process at once.
struct Interrupts {
    private let record = Record()
    private let sources: [any DispatchSourceSignal]

    init() {
        sources = [SIGINT, SIGTERM, SIGHUP].map { [record] number in
            // Dispatch sees the signal all the same; what would end the process is switched off.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { record.note(number) }
            source.resume()
            return source
        }
    }

    /// The signal that has come, if one has.
    var received: Int32? { record.state.withLock { $0.first } }

    /// Calls back at the first signal, at once if it has come.
    func cancel(_ cancel: @escaping @Sendable () -> Void) {
        record.state.withLock { $0.cancel = cancel }
        if received != nil { cancel() }
    }

    private final class Record: Sendable {
        let state = Mutex<(first: Int32?, cancel: (@Sendable () -> Void)?)>((nil, nil))

        func note(_ number: Int32) {
            let (isFirst, cancel) = state.withLock { state in
                defer { if state.first == nil { state.first = number } }
                return (state.first == nil, state.cancel)
            }
            // A throwaway server's watchdog stops it and removes its directory also after this.
            guard isFirst else { _exit(128 + number) }
            cancel?()
        }
    }
}
