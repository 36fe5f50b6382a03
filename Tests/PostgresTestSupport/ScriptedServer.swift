import COpenSSL
import Glibc
import PostgresTransport

/// A server that does what a script says, for what no real server does on demand, with TLS and without.
///
/// It listens on loopback or in the abstract Unix namespace and plays one script per connection, in the order in which
/// the connections come, or the same one for all of them, each on a thread of its own. What a client sent stays to be
/// looked at. Where a client does something else than its script expects, `run` throws at the end, and so the test
/// fails. No step takes for ever.
package final class ScriptedServer: Sendable {
    /// What went otherwise than the scripts said.
    package struct Mismatch: Error, CustomStringConvertible {
        /// One line per problem.
        package let description: String

        /// Says what went otherwise.
        package init(description: String) { self.description = description }
    }

    /// What is played, connection by connection.
    private struct Scripts {
        /// The scripts of the first connections, all of which have to come.
        var queue: [[Step]] = []
        /// The script of every further connection; nil where none is expected.
        var further: [Step]?

        mutating func next() -> [Step]? { queue.isEmpty ? further : queue.removeFirst() }
    }

    private struct State {
        var scripts: Scripts
        var transcripts: [Transcript] = []
        var sockets: [Int: ScriptedSocket] = [:]
        var problems: [String] = []
        var threads = 1
        var isAborting = false
    }

    /// How long one step may take.
    static let secondsMax: Int32 = 20

    private let state: Locked<State>
    private let options: Options
    private let place: TestListener.Place
    private let listener: TestListener
    private let isOver = Gate()
    private let hasEnded = Gate()

    private init(_ scripts: Scripts, _ options: Options, on place: TestListener.Place) throws {
        guard let listener = TestListener(place) else { throw Mismatch(description: "cannot listen on \(place)") }
        self.listener = listener
        self.options = options
        self.place = place
        state = Locked(State(scripts: scripts))
        BlockingThread.start { self.accept() }
    }

    /// Plays the scripts while `body` runs, then waits until they are at their ends.
    ///
    /// - Throws: what `body` throws, or a `Mismatch`.
    package nonisolated(nonsending) static func run<Result>(
        _ scripts: [Step]..., options: Options = Options(), on place: TestListener.Place = .ipv4,
        _ body: nonisolated(nonsending) (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        try await run(ScriptedServer(Scripts(queue: scripts), options, on: place), body)
    }

    /// Plays the scripts while `body` runs, then waits until they are at their ends.
    ///
    /// - Throws: what `body` throws, or a `Mismatch`.
    package nonisolated(nonsending) static func run<Result>(
        scripts: [[Step]], options: Options = Options(), on place: TestListener.Place = .ipv4,
        _ body: nonisolated(nonsending) (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        try await run(ScriptedServer(Scripts(queue: scripts), options, on: place), body)
    }

    /// Plays the script on every connection while `body` runs, then waits until all are at their ends.
    ///
    /// - Throws: what `body` throws, or a `Mismatch`.
    package nonisolated(nonsending) static func run<Result>(
        onEvery script: [Step], options: Options = Options(), on place: TestListener.Place = .ipv4,
        _ body: nonisolated(nonsending) (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        try await run(ScriptedServer(Scripts(further: script), options, on: place), body)
    }

    /// Plays the first script on the first connection and the second one on all others while `body` runs, then waits until
    /// all are at their ends.
    ///
    /// - Throws: what `body` throws, or a `Mismatch`.
    package nonisolated(nonsending) static func run<Result>(
        first script: [Step], thenOnEvery further: [Step], options: Options = Options(),
        on place: TestListener.Place = .ipv4,
        _ body: nonisolated(nonsending) (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        try await run(ScriptedServer(Scripts(queue: [script], further: further), options, on: place), body)
    }

    private nonisolated(nonsending) static func run<Result>(
        _ server: ScriptedServer, _ body: nonisolated(nonsending) (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        let result: Result
        do {
            result = try await body(server)
        } catch {
            server.abort()
            await server.hasEnded.wait()
            throw error
        }
        server.isOver.open()
        await server.hasEnded.wait()
        let problems = server.state.withLock { $0.problems }
        guard problems.isEmpty else { throw Mismatch(description: problems.joined(separator: "\n")) }
        return result
    }

    /// The URL to connect to, as a user with a password.
    package var url: String { url() }

    /// The URL to connect to, with further parameters such as `connect_timeout=1`.
    package func url(_ parameters: String = "") -> String { listener.url(parameters, place: place) }

    /// The port it listens on.
    package var port: UInt16 { listener.port }

    /// What the connections were like so far, one transcript each, in the order in which they came.
    package var transcripts: [Transcript] { state.withLock { $0.transcripts } }

    private func abort() {
        state.withLock { state in
            state.isAborting = true
            for socket in state.sockets.values { socket.shutDown() }
        }
        isOver.open()
    }

    // MARK: threads

    private func accept() {
        while waitForConnection() {
            let descriptor = Glibc.accept(listener.descriptor, nil, nil)
            guard descriptor >= 0 else { continue }
            let socket = ScriptedSocket(descriptor)
            let (index, script) = begin(socket)
            BlockingThread.start { self.play(script, index, socket) }
        }
        listener.close()
        state.withLock { state in
            let unplayed = state.scripts.queue.count
            if unplayed > 0, !state.isAborting { state.problems.append("\(unplayed) more connections were expected") }
        }
        endThread()
    }

    /// False where the test is over and whoever connected before that has been accepted.
    private func waitForConnection() -> Bool {
        guard !isOver.isOpen else { return isReadable(milliseconds: 0) }
        while !isReadable(milliseconds: 5) { if isOver.isOpen { return isReadable(milliseconds: 0) } }
        return true
    }

    private func isReadable(milliseconds: Int32) -> Bool {
        var poller = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&poller, 1, milliseconds) > 0
    }

    private func begin(_ socket: ScriptedSocket) -> (Int, [Step]) {
        state.withLock { state in
            let index = state.transcripts.count
            state.transcripts.append(Transcript())
            state.sockets[index] = socket
            state.threads += 1
            let script = state.scripts.next()
            if script == nil { state.problems.append("connection \(index) has no script") }
            return (index, script ?? [])
        }
    }

    private func play(_ script: [Step], _ index: Int, _ socket: ScriptedSocket) {
        // OpenSSL writes to sockets that the client may have closed.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        let connection = ScriptedConnection(ScriptedStream(socket, options)) { transcript in
            self.state.withLock { $0.transcripts[index] = transcript }
        }
        var problem: String?
        for (number, step) in script.enumerated() where problem == nil {
            do throws(Mismatch) {
                try connection.play(step)
            } catch {
                problem = "connection \(index), step \(number) (\(step.name)): \(error.description)"
            }
        }
        connection.note()
        state.withLock { state in
            if let problem, !state.isAborting { state.problems.append(problem) }
            state.sockets[index] = nil
        }
        socket.close()
        endThread()
    }

    private func endThread() {
        let isLast = state.withLock { state in
            state.threads -= 1
            return state.threads == 0
        }
        if isLast { hasEnded.open() }
    }
}
