import COpenSSL
import Glibc
import PostgresTransport

/// A TLS server that does what a script says: in front of a real server that has no TLS, or by itself and badly.
///
/// It listens on `127.0.0.1` and plays the same script on every connection, each on a thread of its own. Where a client
/// does something else than the script expects, `run` throws at the end, and so the test fails. No step takes for ever.
package final class TLSFrontEnd: Sendable {
    /// What the server is like.
    package struct Options: Sendable {
        /// What becomes of a client's certificate.
        package enum ClientCertificate: Sendable { case ignored, requested, required }

        /// The certificate to show.
        package var certificate = TestCertificates.Server.good
        /// The oldest and the newest version to speak.
        package var versions = TLSVersion.tls12...TLSVersion.tls13
        /// The application protocols to choose from; the server ignores the client's where there are none.
        package var applicationProtocols: [String] = []
        /// A protocol to choose whatever the client offers.
        package var forcedProtocol: String?
        /// Whether to ask for a client's certificate, and whether to insist.
        package var clientCertificate = ClientCertificate.ignored
        /// How many bytes a relay passes to the client before it changes its keys, each time (TLS 1.3).
        package var bytesBetweenKeyUpdates: Int?

        /// Whether a client that does not ask for TLS is let in; otherwise it is a mismatch.
        package var welcomesClear = false

        /// A server with a good certificate that asks for nothing.
        package init(_ change: (inout Options) -> Void = { _ in }) { change(&self) }
    }

    /// What one connection was like, from the server's side.
    package struct Transcript: Sendable {
        /// The name that the client asked for (SNI).
        package internal(set) var serverName: String?
        /// The plaintext that the client has sent, the first 64 KiB of it.
        package internal(set) var plaintext: [UInt8] = []
        /// How often the client has changed its keys.
        package internal(set) var keyUpdates = 0
        /// Whether the client came in the clear and was let in.
        package internal(set) var isClear = false
        /// Whether the client has said good-bye.
        package internal(set) var hasEndedInOrder = false
    }

    private struct State {
        var transcripts: [Transcript] = []
        var descriptors: Set<Int32> = []
        var problems: [String] = []
        var threads = 1
        var isAborting = false
    }

    private let state = Locked(State())
    private let options: Options
    private let steps: [Step]
    private let listener: TestListener
    private let isOver = Gate()
    private let hasEnded = Gate()

    private init(_ steps: [Step], _ options: Options) throws {
        guard let listener = TestListener(.ipv4) else {
            throw ScriptedServer.Mismatch(description: "cannot listen on 127.0.0.1")
        }
        self.listener = listener
        self.steps = steps
        self.options = options
        BlockingThread.start { self.accept() }
    }

    /// Plays the script on every connection while `body` runs, then waits until all are at their ends.
    ///
    /// - Throws: what `body` throws, or a `ScriptedServer.Mismatch`.
    package nonisolated(nonsending) static func run<Result>(
        _ steps: Step..., options: Options = Options(),
        _ body: nonisolated(nonsending) (TLSFrontEnd) async throws -> Result
    ) async throws -> Result {
        try await run(steps: steps, options: options, body)
    }

    /// Plays the script on every connection while `body` runs, then waits until all are at their ends.
    ///
    /// - Throws: what `body` throws, or a `ScriptedServer.Mismatch`.
    package nonisolated(nonsending) static func run<Result>(
        steps: [Step], options: Options = Options(),
        _ body: nonisolated(nonsending) (TLSFrontEnd) async throws -> Result
    ) async throws -> Result {
        let server = try TLSFrontEnd(steps, options)
        let result: Result
        do {
            result = try await body(server)
        } catch {
            await server.finish(isAborting: true)
            throw error
        }
        await server.finish(isAborting: false)
        let problems = server.state.withLock { $0.problems }
        guard problems.isEmpty else {
            throw ScriptedServer.Mismatch(description: problems.joined(separator: "\n"))
        }
        return result
    }

    /// The port it listens on.
    package var port: UInt16 { listener.port }

    /// What the connections were like, in the order in which they came.
    package var transcripts: [Transcript] { state.withLock { $0.transcripts } }

    private nonisolated(nonsending) func finish(isAborting: Bool) async {
        if isAborting {
            state.withLock { state in
                state.isAborting = true
                for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
            }
        }
        isOver.open()
        await hasEnded.wait()
    }

    // MARK: threads

    private func accept() {
        var poller = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let isLast = isOver.isOpen
            guard unsafe poll(&poller, 1, isLast ? 0 : 5) > 0 else {
                if isLast { break }
                continue
            }
            let descriptor = Glibc.accept(listener.descriptor, nil, nil)
            guard descriptor >= 0 else { continue }
            let index = state.withLock { state in
                state.descriptors.insert(descriptor)
                state.threads += 1
                state.transcripts.append(Transcript())
                return state.transcripts.count - 1
            }
            BlockingThread.start { self.play(index, descriptor) }
        }
        listener.close()
        endThread()
    }

    private func play(_ index: Int, _ descriptor: Int32) {
        // OpenSSL writes to sockets that the client may have closed.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        var problem: String?
        do throws(ScriptedServer.Mismatch) {
            let connection = try TLSFrontEndConnection(descriptor, options)
            defer { state.withLock { $0.transcripts[index] = connection.transcript } }
            for (number, step) in steps.enumerated() {
                do throws(ScriptedServer.Mismatch) {
                    try connection.play(step)
                } catch {
                    throw ScriptedServer.Mismatch(
                        description: "connection \(index), step \(number) (\(step.name)): \(error.description)")
                }
                state.withLock { $0.transcripts[index] = connection.transcript }
            }
        } catch {
            problem = error.description
        }
        state.withLock { state in
            if let problem, !state.isAborting { state.problems.append(problem) }
            state.descriptors.remove(descriptor)
            close(descriptor)
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

extension TLSFrontEnd {
    /// One thing the server does.
    package enum Step: Sendable {
        /// Reads an SSLRequest and answers with these plain bytes: `S`, `N`, or what nobody should send.
        case answerSSLRequest([UInt8])
        /// Sends bytes as they are.
        case sendPlain([UInt8])
        /// Shakes hands.
        case handshake
        /// Tries to, and finds that the client will not, or that the client has not what is asked for.
        case failHandshake
        /// Tries to shake hands; whether the client will depends on its version of OpenSSL.
        case tryHandshake
        /// Sends the first half of its part of the handshake.
        case beginHandshake
        /// Reads this plaintext.
        case expect([UInt8])
        /// Sends plaintext.
        case send([UInt8])
        /// Sends the same plaintext again and again until the client closes.
        case flood([UInt8])
        /// Changes its keys, and asks the client to do so too (TLS 1.3).
        case updateKeys
        /// Changes its keys again and again until the client closes, without asking for anything.
        case floodKeyUpdates
        /// Reads until the client has changed its keys this often, and no plaintext.
        case expectKeyUpdates(Int)
        /// Asks the client for another handshake (TLS 1.2).
        case renegotiate
        /// Passes plaintext between the client and the server at this port of `127.0.0.1` until one of them closes.
        case relay(to: UInt16)
        /// Reads until the client says good-bye.
        case expectEnd
        /// Reads until the connection ends, in order or not.
        case expectAnyEnd
        /// Tells the test that the script has come this far.
        case reach(Gate)
        /// Waits for the test.
        case hold(until: Gate)
        /// Says good-bye.
        case close
        /// Ends the connection without a good-bye. Whatever comes after this step finds it so.
        case cut

        var name: String { String("\(self)".prefix { $0 != "(" }) }
    }
}
