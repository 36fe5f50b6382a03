import Dispatch
import Glibc

/// Signals as a sequence: Ctrl-C, and being told to end, unless others are asked for.
package struct Interrupts {
    /// The number of each signal that comes.
    package let signals: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    /// Listens from now on; what comes behind this call is not missed.
    package init(_ numbers: [Int32] = [SIGINT, SIGTERM]) {
        let (signals, continuation) = AsyncStream<Int32>.makeStream()
        self.signals = signals
        sources = numbers.map { number in
            // Dispatch sees the signal all the same; what would end the process is switched off.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            let isListening = DispatchSemaphore(value: 0)
            source.setRegistrationHandler { isListening.signal() }
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            isListening.wait()
            return source
        }
    }

    /// Stops listening.
    package func end() { for source in sources { source.cancel() } }
}
