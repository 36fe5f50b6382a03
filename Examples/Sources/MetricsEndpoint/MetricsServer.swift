import Dispatch
import Glibc
import Synchronization

/// Answers HTTP requests on loopback, one after the other: as much of HTTP as Prometheus and curl need.
final class MetricsServer: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Where it listens.
    let port: UInt16
    private let listener: Int32
    private let text: @Sendable () -> String
    private let isStopped = Atomic<Bool>(false)

    /// Listens; port 0 takes any that is free. `text` is called for every request.
    init(port: UInt16, text: @escaping @Sendable () -> String) throws {
        guard let (listener, port) = Loopback.listen(on: port) else {
            throw Failure(description: "cannot listen on port \(port) of 127.0.0.1")
        }
        (self.listener, self.port, self.text) = (listener, port, text)
    }

    /// Serves until the task is cancelled, on a thread that may block.
    func run() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                DispatchQueue(label: "metrics").async {
                    self.serve()
                    continuation.resume()
                }
            }
        } onCancel: {
            isStopped.store(true, ordering: .relaxed)
        }
    }

    private func serve() {
        while !isStopped.load(ordering: .relaxed) {
            var poller = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&poller, 1, 50) > 0 else { continue }
            let client = accept(listener, nil, nil)
            guard client >= 0 else { continue }
            let answer = HTTP.answer(to: Loopback.readRequest(from: client), text)
            Loopback.send(answer, to: client)
            close(client)
        }
        close(listener)
    }
}
