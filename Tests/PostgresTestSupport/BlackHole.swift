import Glibc

/// An address that answers no attempt to connect: a listener whose queue is full, so the kernel drops what comes.
package final class BlackHole {
    private let listener: TestListener
    private var fillers: [Int32] = []

    /// Nil where the machine cannot listen on `127.0.0.1`.
    package init?() {
        guard let listener = TestListener(.ipv4, backlog: 0) else { return nil }
        self.listener = listener
        for _ in 0..<4 { fillers.append(TestListener.connect(to: listener.port)) }
    }

    deinit { for descriptor in fillers + [listener.descriptor] { close(descriptor) } }

    /// The URL of a connection that never comes about.
    package func url(_ parameters: String = "") -> String { listener.url(parameters, place: .ipv4) }

    /// The port on `127.0.0.1`.
    package var port: UInt16 { listener.port }
}
