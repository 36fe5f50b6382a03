import PostgresStreaming
import PostgresTestSupport

/// A verb with one fault at one place.
struct FaultCase: Sendable, CustomStringConvertible {
    let verb: Verb
    let way: Way
    let fault: Fault
    let place: Fault.Place
    let direction: Fault.Direction
    /// How long what is left may take to go.
    var farewellSecondsMax: Int32 = 5

    var description: String { "\(verb.name), \(way), \(fault) after \(place) \(direction)" }

    /// Whether the bytes change in a way that nothing between client and server notices. Then values may be wrong, and
    /// the client cannot know; but it may not crash, hang or leak.
    private var isUnnoticed: Bool {
        guard !way.detectsTampering else { return false }
        return switch fault {
        case .corrupt, .drop, .duplicate: true
        default: false
        }
    }

    /// How long a verb may take, and how long until it counts as one that hangs.
    private static let secondsMax = 8
    private static let secondsUntilHung: Int32 = 25

    /// How a case went.
    struct Report: Sendable {
        let ending: String
        let complaints: [String]
    }

    func run(on server: SweepServer) async -> Report {
        let number = server.nextNumber()
        do {
            let (ending, found, sent) = try await FaultProxy.run(
                to: server.port, endingTLS: way.tlsEnd, seesMessages: true
            ) { proxy in
                let (ending, found) = try await attempt(number, through: proxy, on: server)
                return (ending, found, proxy.bytesFromClients)
            }
            guard let ending else { return Report(ending: "hung", complaints: found) }
            var complaints = found
            if case .wrong(let text) = ending, !isUnnoticed { complaints.append(text) }
            if verb.effect != .none, !isUnnoticed {
                complaints += try await lies(ending, number, on: server)
            }
            if !complaints.isEmpty { complaints.append("sent was \(Self.printable(sent))") }
            return Report(ending: "\(ending)", complaints: complaints)
        } catch {
            return Report(ending: "not run", complaints: ["it could not be run: \(error)"])
        }
    }

    /// What the clients sent last, which shows where it went wrong.
    private static func printable(_ sent: [[UInt8]]) -> [String] {
        sent.map { bytes in
            String(decoding: bytes.suffix(1000).map { 32...126 ~= $0 ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
        }
    }

    /// Runs the verb with the fault; no ending where it hangs.
    private func attempt(
        _ number: Int64, through proxy: FaultProxy, on server: SweepServer
    ) async throws -> (Session.Ending?, [String]) {
        var configuration = server.configuration(way, through: proxy, number: number)
        // Nothing goes wrong with a connection that is open before.
        if case .connection = verb.body { configuration.connectTimeout = .seconds(20) }
        let session = Session(verb, configuration, number: number)
        try await session.prepare()
        let (ended, gone) = (Gate(), Gate())
        let run = Task {
            defer { ended.open() }
            return await Sentinel.$current.withValue(Sentinel(gone)) { await attempt(session, proxy) }
        }
        guard await ended.wait(secondsMax: Self.secondsUntilHung) else {
            run.cancel()
            return (nil, ["it does not end"])
        }
        var (ending, complaints) = await run.value
        if await !proxy.waitUntilUnused(secondsMax: farewellSecondsMax) { complaints.append("a socket is left") }
        if await !gone.wait(secondsMax: farewellSecondsMax) { complaints.append("a task is left") }
        return (ending, complaints)
    }

    private func attempt(_ session: Session, _ proxy: FaultProxy) async -> (Session.Ending, [String]) {
        let start = ContinuousClock.now
        let ending = await session.run { proxy.inject(fault, after: place, direction) }
        let time = ContinuousClock.now - start
        var complaints: [String] = []
        if time > .seconds(Self.secondsMax) { complaints.append("it took \(time)") }
        proxy.resume()
        if !isUnnoticed { complaints += await session.contradictions(to: ending) }
        complaints += await session.close()
        return (ending, complaints)
    }

    /// Where the client was told something else than what happened.
    private func lies(_ ending: Session.Ending, _ number: Int64, on server: SweepServer) async throws -> [String] {
        guard let count = try await server.effects(of: number) else { return ["the server's session does not end"] }
        var found: [String] = []
        if count > 1 { found.append("the effect is there \(count) times") }
        switch ending {
        case .done: if count == 0 { found.append("nothing was done, and the client was told that it was") }
        case .failed(let error):
            let isOpen = error.code == .commitUnknown || verb.effect == .statement && !error.isRetrySafe
            if count > 0, !isOpen { found.append("it was done, and the client was told otherwise: \(error)") }
            guard let id = error.transactionID else { break }
            let outcome = try await server.observer.withConnection { connection async throws in
                try await connection.outcome(of: id)
            }
            if outcome != (count > 0 ? .committed : .aborted) { found.append("\(count) effects, but \(outcome)") }
        case .wrong: break
        }
        return found
    }
}
