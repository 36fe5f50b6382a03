import PostgresStreaming
import PostgresTestSupport

/// How many bytes and messages a verb takes each way when nothing goes wrong, and so where faults can happen.
struct Recording: Sendable {
    let verb: Verb
    let way: Way
    private let toServer: Extent
    private let toClient: Extent

    /// What passed one way.
    private struct Extent: Sendable {
        let bytes: Int
        let messages: Int

        init(from start: Fault.Position, to end: Fault.Position) {
            bytes = end.bytes - start.bytes
            messages = end.messages - start.messages
        }
    }

    /// A session without faults that did not do what it should.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs the verb once and counts.
    init(_ verb: Verb, _ way: Way, on server: SweepServer) async throws {
        self.verb = verb
        self.way = way
        let number = server.nextNumber()
        (toServer, toClient) = try await FaultProxy.run(
            to: server.port, endingTLS: way.tlsEnd, seesMessages: true
        ) { proxy in
            var configuration = server.configuration(way, through: proxy, number: number)
            // Nothing is to end early.
            configuration.queryTimeout = .seconds(20)
            configuration.connectTimeout = .seconds(20)
            let session = Session(verb, configuration, number: number)
            try await session.prepare()
            let before = (proxy.position(.toServer), proxy.position(.toClient))
            let ending = await session.run {}
            let problems = await session.contradictions(to: ending)
            let after = (proxy.position(.toServer), proxy.position(.toClient))
            let leftovers = problems + (await session.close())
            guard case .done = ending, leftovers.isEmpty else {
                throw Failure(description: "\(verb.name), \(way): \(ending) \(ending.error as Any) \(leftovers)")
            }
            return (Extent(from: before.0, to: after.0), Extent(from: before.1, to: after.1))
        }
    }

    private func position(_ direction: Fault.Direction) -> Extent {
        direction == .toServer ? toServer : toClient
    }

    var description: String {
        "\(verb.name), \(way): \(toServer.bytes) bytes and \(toServer.messages) messages to the server, "
            + "\(toClient.bytes) and \(toClient.messages) to the client"
    }

    // MARK: faults

    private static let byteFaults = [Fault.cut, .reset, .stall, .corrupt(bits: 1), .corrupt(bits: 0x80)]
    private static let messageFaults = [Fault.cut, .blackHole, .drop, .duplicate]
    private static let paces = [Fault.split([1]), .split([1, 2, 3]), .split([7, 1]), .throttle(bytes: 100)]

    /// Every fault at every place.
    var cases: [FaultCase] {
        Fault.Direction.allCases.flatMap { direction in
            let position = position(direction)
            func cases(_ faults: [Fault], _ places: [Fault.Place]) -> [FaultCase] {
                places.flatMap { place in
                    faults.map { FaultCase(verb: verb, way: way, fault: $0, place: place, direction: direction) }
                }
            }
            return cases(way == .insideTLS ? [] : Self.byteFaults, (0..<position.bytes).map { .bytes($0) })
                + cases(Self.messageFaults, (0..<position.messages).map { .messages($0) })
                + cases(Self.paces, [.bytes(0)])
        }
    }

    /// One of the cases, by chance: as often with messages as with bytes.
    func anyCase(using generator: inout SeededGenerator) -> FaultCase {
        let direction = Bool.random(using: &generator) ? Fault.Direction.toServer : .toClient
        let position = position(direction)
        let kind = Int.random(in: way == .insideTLS ? 5..<11 : 0..<11, using: &generator)
        let (faults, place): ([Fault], Fault.Place) =
            switch kind {
            case 0..<5: (Self.byteFaults, .bytes(Int.random(in: 0..<max(1, position.bytes), using: &generator)))
            case 5..<10:
                (Self.messageFaults, .messages(Int.random(in: 0..<max(1, position.messages), using: &generator)))
            default: (Self.paces, .bytes(0))
            }
        let fault = faults.randomElement(using: &generator) ?? .cut
        return FaultCase(verb: verb, way: way, fault: fault, place: place, direction: direction)
    }
}
