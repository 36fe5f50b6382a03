import Dispatch
import Glibc

/// Ctrl-C, and being told to end, as a sequence.
package struct Interrupts {
    /// One element for each signal.
    package let signals: AsyncStream<Void>
    private let sources: [any DispatchSourceSignal]

    /// Listens from now on.
    package init() {
        let (signals, continuation) = AsyncStream<Void>.makeStream()
        self.signals = signals
        sources = [SIGINT, SIGTERM].map { number in
            // Dispatch sees the signal all the same; what would end the process is switched off.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
    }

    /// Stops listening.
    package func end() { for source in sources { source.cancel() } }
}
