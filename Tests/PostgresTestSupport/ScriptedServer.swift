import Glibc
import PostgresTransport

/// A server that does what a script says, for what no real server does on demand.
///
/// It listens on loopback or in the abstract Unix namespace and plays one script per connection, in the order in which
/// the connections come, each on a thread of its own. What a client sent stays to be looked at. Where a client does
/// something else than its script expects, `run` throws at the end, and so the test fails. No step takes for ever.
package final class ScriptedServer: Sendable {
    /// What went otherwise than the scripts said.
    package struct Mismatch: Error, CustomStringConvertible {
        /// One line per problem.
        package let description: String

        /// Says what went otherwise.
        package init(description: String) { self.description = description }
    }

    private struct State {
        var scripts: [[Step]]
        var transcripts: [Transcript] = []
        var descriptors: Set<Int32> = []
        var problems: [String] = []
        var threads = 1
        var isAborting = false
    }

    /// How long one step may take.
    static let secondsMax: Int32 = 20

    private let state: Locked<State>
    private let place: TestListener.Place
    private let listener: TestListener
    private let isOver = Gate()
    private let hasEnded = Gate()

    private init(_ scripts: [[Step]], on place: TestListener.Place) throws {
        guard let listener = TestListener(place) else { throw Mismatch(description: "cannot listen on \(place)") }
        self.listener = listener
        self.place = place
        state = Locked(State(scripts: scripts))
        BlockingThread.start { self.accept() }
    }

    /// Plays the scripts while `body` runs, then waits until they are at their ends.
    ///
    /// - Throws: what `body` throws, or a `Mismatch`.
    package nonisolated(nonsending) static func run<Result>(
        _ scripts: [Step]..., on place: TestListener.Place = .ipv4,
        _ body: nonisolated(nonsending) (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        try await run(scripts: scripts, on: place, body)
    }

    /// Plays the scripts while `body` runs, then waits until they are at their ends.
    ///
    /// - Throws: what `body` throws, or a `Mismatch`.
    package nonisolated(nonsending) static func run<Result>(
        scripts: [[Step]], on place: TestListener.Place = .ipv4,
        _ body: nonisolated(nonsending) (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        let server = try ScriptedServer(scripts, on: place)
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

    /// What the clients have sent so far, one transcript per connection.
    package var transcripts: [Transcript] { state.withLock { $0.transcripts } }

    private func abort() {
        state.withLock { state in
            state.isAborting = true
            for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        isOver.open()
    }

    // MARK: threads

    private func accept() {
        while waitForConnection() {
            let descriptor = Glibc.accept(listener.descriptor, nil, nil)
            guard descriptor >= 0 else { continue }
            let (index, script) = begin(descriptor)
            BlockingThread.start { self.play(script, index, descriptor) }
        }
        Glibc.close(listener.descriptor)
        state.withLock { state in
            let unplayed = state.scripts.count
            if unplayed > 0, !state.isAborting { state.problems.append("\(unplayed) more connections were expected") }
        }
        endThread()
    }

    /// False where the test is over and whoever connected before that has been accepted.
    private func waitForConnection() -> Bool {
        guard !isOver.isOpen else { return isReadable(milliseconds: 0) }
        while !isReadable(milliseconds: 10) { if isOver.isOpen { return isReadable(milliseconds: 0) } }
        return true
    }

    private func isReadable(milliseconds: Int32) -> Bool {
        var poller = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&poller, 1, milliseconds) > 0
    }

    private func begin(_ descriptor: Int32) -> (Int, [Step]) {
        state.withLock { state in
            let index = state.transcripts.count
            state.transcripts.append(Transcript())
            state.descriptors.insert(descriptor)
            state.threads += 1
            if state.scripts.isEmpty { state.problems.append("connection \(index) has no script") }
            return (index, state.scripts.isEmpty ? [] : state.scripts.removeFirst())
        }
    }

    private func play(_ script: [Step], _ index: Int, _ descriptor: Int32) {
        var connection = ScriptedConnection(descriptor: descriptor) { transcript in
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
        state.withLock { state in
            if let problem, !state.isAborting { state.problems.append(problem) }
            state.descriptors.remove(descriptor)
            connection.close()
        }
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
