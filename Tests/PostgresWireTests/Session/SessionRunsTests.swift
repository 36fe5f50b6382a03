import PostgresTestSupport
import PostgresWire
import Testing

/// A statement that runs again and again, which is said and answered in one piece.
@Suite struct SessionRunsTests {
    private static func idle() throws -> SessionStateMachine {
        var session = try SessionStage.idle.session()
        _ = session.takeOutbound()
        return session
    }

    private static func runs(
        _ numbers: Range<Int>, result: ExtendedFlight.Result = .noRows, andSync: Bool
    ) throws -> StatementRuns {
        var runs = try StatementRuns(
            of: "s1", parameterCount: 2, resultFormats: [.binary], result: result, andSync: andSync)
        var parameters = BoundParameters()
        for number in numbers {
            runs.begin(&parameters)
            parameters.append(type: 23, format: .binary) { $0.append(UInt8(truncatingIfNeeded: number)) }
            if number % 3 == 0 {
                parameters.appendNull(type: 25)
            } else {
                parameters.append(type: 25, format: number % 2 == 0 ? .text : .binary) { $0.append(7) }
            }
            try runs.end(&parameters)
        }
        return runs
    }

    @Test(arguments: [false, true])
    func `runs are said as Bind, Execute and Sync, with a format for each parameter`(andSync: Bool) throws {
        var session = try Self.idle()
        var runs = try Self.runs(1..<4, andSync: andSync)
        #expect(runs.count == 3)
        try session.start(&runs)
        #expect(runs.count == 0 && runs.byteCount == 0)
        #expect(session.outstandingSyncs == (andSync ? 3 : 0))
        let seven = BackendBytes.int32(1) + [7]
        let expected = [
            Self.run(1, formats: [1, 1], seven), Self.run(2, formats: [1, 0], seven),
            Self.run(3, formats: [1, 1], BackendBytes.int32(-1)),
        ]
        let sync = andSync ? BackendBytes().message("S").bytes : []
        #expect(session.takeOutbound() == expected.flatMap { $0 + sync })
    }

    private static func run(_ number: UInt8, formats: [Int16], _ second: [UInt8]) -> [UInt8] {
        let codes = BackendBytes.int16(2) + formats.flatMap(BackendBytes.int16)
        let cells = BackendBytes.int16(2) + BackendBytes.int32(1) + [number] + second
        let results = BackendBytes.int16(1) + BackendBytes.int16(1)
        return BackendBytes().message("B", [0] + BackendBytes.string("s1") + codes + cells + results)
            .message("E", [0] + BackendBytes.int32(0)).bytes
    }

    @Test func `runs that are said in several pieces are answered as if in one`() throws {
        var session = try Self.idle()
        for piece in [1..<3, 3..<4, 4..<9] {
            var runs = try Self.runs(piece, andSync: false)
            try session.start(&runs)
        }
        try session.sync()
        for _ in 1..<9 { session.follow([(Backend.bound, .bound), (Backend.completes("X 1"), .completed("X 1"))]) }
        session.follow(Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test func `a run that cannot be said leaves those before it as they are`() throws {
        var runs = try Self.runs(1..<3, andSync: false)
        let count = runs.byteCount
        var parameters = BoundParameters()
        runs.begin(&parameters)
        parameters.appendNull(type: 23)
        #expect(throws: FrontendMessageError.wrongParameterCount) { try runs.end(&parameters) }
        runs.begin(&parameters)
        parameters.appendNull(type: 23)
        runs.cancel(&parameters)
        #expect(runs.count == 2)
        #expect(runs.byteCount == count)
    }

    @Test func `what is taken in one piece is what its messages say one by one`() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("answers to runs: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let conversation = RunsConversation(using: &generator)
            let slow = try conversation.read(takesRuns: false)
            let fast = try conversation.read(takesRuns: true)
            #expect(slow == fast, "seed \(seed)")
            let short = try conversation.read(takesRuns: false, takesShort: true)
            #expect(slow == short, "seed \(seed)")
        }
    }
}
