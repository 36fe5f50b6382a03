import PostgresTestSupport
import PostgresWire
import Testing

/// Several flights at a time (manual: "Pipelining"), as libpq's own tests of its pipeline mode have them.
@Suite struct SessionPipelineTests {
    private static func idle() throws -> SessionStateMachine {
        var session = try SessionStage.idle.session()
        _ = session.takeOutbound()
        return session
    }

    @Test func `a simple pipeline is answered by its results and one readiness`() throws {
        var session = try Self.idle()
        try session.say { $0.run(BoundParameters()) }
        #expect(session.outstandingSyncs == 1)
        session.follow([
            (Backend.bound, .bound), (Backend.columns("a"), .columns(["a"])),
            (Backend.completes("SELECT 1"), .completed("SELECT 1")),
        ])
        #expect(session.isFinishing && session.outstandingSyncs == 1)
        session.follow(Answers.ready)
        #expect(session.isIdle && session.outstandingSyncs == 0)
    }

    @Test func `multiple pipelines are answered one after the other, and each event belongs to one Sync`() throws {
        var session = try Self.idle()
        #expect(try session.say { $0.runKnown() } == 0)
        #expect(try session.say { $0.run(command: "BEGIN") } == 1)
        #expect(try session.say { $0.runKnown() } == 2)
        #expect(session.takeOutbound().filter { $0 == UInt8(ascii: "S") }.count == 3)
        for answer in [Answers.rows, Answers.command, Answers.rows] {
            let number = session.syncsAnswered
            session.follow(answer)
            #expect(session.syncsAnswered == number && !session.isIdle)
            session.follow(Answers.ready)
            #expect(session.syncsAnswered == number + 1)
        }
        #expect(session.isIdle == true)
    }

    @Test func `an aborted pipeline ends at its Sync, and the next one is answered as if nothing had been`() throws {
        var session = try Self.idle()
        try session.say {
            $0.run(command: "SELECT 1")
            $0.run(command: "SELECT no_such_function()")
            $0.run(command: "SELECT 2")
        }
        try session.say { $0.runKnown() }
        session.follow(Answers.command + [(Backend.parsed, .parsed)] + Answers.error)
        #expect(session.isFinishing && session.outstandingSyncs == 2)
        session.follow(Answers.ready + Answers.rows + Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test func `nothing of what was skipped may be answered`() throws {
        for message in [Backend.parsed, Backend.bound, Backend.completes("SELECT 1"), Backend.columns("a")] {
            var session = try Self.idle()
            try session.say {
                $0.run(command: "SELECT no_such_function()")
                $0.run(command: "SELECT 2")
            }
            try session.say { $0.runKnown() }
            session.follow([(Backend.error, .failed(isFatal: false)), (message, .violation(.unexpectedMessage))])
        }
    }

    @Test func `a transaction inside a pipeline fails as a whole until it ends`() throws {
        var session = try Self.idle()
        for command in ["BEGIN", "INSERT", "SELECT", "ROLLBACK"] { try session.say { $0.run(command: command) } }
        session.follow(Answers.command + [(Backend.ready(.inTransaction), .ready(.inTransaction))])
        session.follow(Answers.error + [(Backend.ready(.failed), .ready(.failed))])
        #expect(session.transactionStatus == .failed)
        session.follow(Answers.error + [(Backend.ready(.failed), .ready(.failed))])
        session.follow(Answers.command + Answers.ready)
        #expect(session.isIdle && session.transactionStatus == .idle)
    }

    @Test func `an error in the middle leaves the flights around it alone`() throws {
        var session = try Self.idle()
        for _ in 0..<3 { try session.say { $0.runKnown() } }
        session.follow(Answers.rows + Answers.ready + Answers.error + Answers.ready + Answers.rows + Answers.ready)
        #expect(session.isIdle && session.syncsAnswered == 3)
    }

    @Test func `a commit that fails at its Sync fails its own flight`() throws {
        var session = try Self.idle()
        for _ in 0..<2 { try session.say { $0.runKnown() } }
        session.follow(Answers.rows + Answers.error + Answers.ready)
        #expect(session.columnCount == nil && session.outstandingSyncs == 1)
        session.follow(Answers.rows + Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test func `a fatal error ends all flights`() throws {
        var session = try Self.idle()
        for _ in 0..<3 { try session.say { $0.runKnown() } }
        session.follow([(Backend.bound, .bound), (Backend.fatal, .failed(isFatal: true))])
        #expect(session.hasEnded && !session.maySayMore)
    }

    @Test func `results may be read before queueing ends`() throws {
        var session = try Self.idle()
        try session.say { $0.runKnown() }
        session.follow([(Backend.bound, .bound)])
        try session.say { $0.runKnown() }
        #expect(session.columnCount == 2)
        session.follow([(Backend.completes("SELECT 1"), .completed("SELECT 1"))])
        try session.say { $0.run(command: "BEGIN") }
        session.follow(Answers.ready + Answers.rows + Answers.ready)
        try session.say { $0.runKnown() }
        session.follow(Answers.command + Answers.ready + Answers.rows + Answers.ready)
        #expect(session.isIdle && session.syncsAnswered == 4)
    }

    @Test func `an empty pipeline is a Sync and its readiness`() throws {
        var session = try Self.idle()
        try session.sync()
        #expect(try session.takeOutbound() == FrontendBytes.encode(Sync()))
        #expect(session.isFinishing == true)
        try session.sync()
        session.follow(Answers.ready + Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test func `statements are prepared, described and closed in a pipeline`() throws {
        var session = try Self.idle()
        try session.say {
            $0.parse("SELECT $1", as: "new")
            $0.describe(statement: "new")
        }
        try session.say { $0.close(statement: "new") }
        try session.say { $0.describe(statement: "new") }
        session.follow([
            (Backend.parsed, .parsed), (Backend.parameterTypes(25), .parameterTypes([25])),
            (Backend.columns("a"), .columns(["a"])),
        ])
        session.follow(Answers.ready + [(Backend.closed, .nothing)] + Answers.ready + Answers.error + Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test func `a flight may follow a simple query that failed, but none that has not ended`() throws {
        var session = try SessionStage.simpleResult.session()
        #expect(session.maySayMore == false)
        session.follow(Answers.error)
        try session.say { $0.runKnown() }
        session.follow(Answers.ready + Answers.rows + Answers.ready)
        #expect(session.isIdle && session.syncsAnswered == 2)
    }

    // MARK: without a Sync

    @Test func `what was said without a Sync is answered after a Flush, and nothing is ready before the Sync`() throws {
        var session = try Self.idle()
        for _ in 0..<2 {
            let number = try session.say(andSync: false) {
                $0.runKnown()
                $0.flush()
            }
            #expect(number == 0)
            session.follow(Answers.rows)
            #expect(!session.isIdle && session.outstandingSyncs == 0 && session.maySayMore)
        }
        #expect(session.takeOutbound().contains(UInt8(ascii: "S")) == false)
        try session.sync()
        session.follow(Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test func `readiness without a Sync is a violation`() throws {
        for stage in [SessionStage.unsynced, .skipping] {
            var session = try stage.session()
            session.follow([(Backend.ready, .violation(.unexpectedMessage))])
        }
    }

    @Test func `after an error everything is skipped until a Sync is said`() throws {
        var session = try Self.idle()
        for _ in 0..<2 { try session.say(andSync: false) { $0.runKnown() } }
        session.follow(Answers.error)
        // The server skips this flight but for its Sync.
        try session.say(andSync: false) { $0.runKnown() }
        #expect(session.outstandingSyncs == 0 && session.columnCount == nil)
        try session.say { $0.runKnown() }
        #expect(session.isFinishing == true)
        try session.say { $0.runKnown() }
        session.follow(Answers.ready + Answers.rows + Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test func `a time limit may run out before the Sync is said`() throws {
        var session = try SessionStage.unsynced.session()
        session.follow(Answers.error)
        try session.sync()
        session.follow(Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test func `a Sync that ends several flights is answered once`() throws {
        var session = try Self.idle()
        try session.say(andSync: false) { $0.runKnown() }
        try session.say { $0.run(command: "BEGIN") }
        session.follow(Answers.rows + Answers.command + Answers.ready)
        #expect(session.isIdle && session.syncsAnswered == 1)
    }

    // MARK: limits

    @Test func `more answers than a session keeps count of are refused before a byte is said`() throws {
        var session = try Self.idle()
        var flight = ExtendedFlight()
        for _ in 0..<16_000 { flight.run(statement: "kept", BoundParameters(), result: .noRows) }
        try session.start(flight)
        // 64,002 steps may follow, and 32,001 are awaited.
        #expect(throws: FrontendMessageError.tooManyAnswers) { try session.start(flight) }
        let bytes = session.takeOutbound()
        #expect(throws: FrontendMessageError.tooManyAnswers) { try session.start(flight) }
        #expect(session.outbound.isEmpty && session.outstandingSyncs == 1 && !bytes.isEmpty)
        for _ in 0..<16_000 {
            session.follow([(Backend.bound, .bound), (Backend.completes("DONE"), .completed("DONE"))])
        }
        try session.start(flight)
        #expect(session.outstandingSyncs == 2)
    }

    @Test func `a pipeline that never runs dry goes on for ever`() throws {
        var session = try Self.idle()
        try session.say { $0.runKnown() }
        for number in 0..<50_000 {
            try session.say { $0.runKnown() }
            session.follow(Answers.rows + Answers.ready)
            if session.outstandingSyncs != 1 || session.syncsAnswered != number + 1 { break }
            _ = session.takeOutbound()
        }
        #expect(session.syncsAnswered == 50_000)
    }

    @Test func `a flight in a pipeline of which one message cannot be encoded says nothing`() throws {
        var session = try Self.idle()
        try session.say { $0.runKnown() }
        _ = session.takeOutbound()
        #expect(throws: FrontendMessageError.containsNUL) { try session.say { $0.run(command: "SELECT 1\0") } }
        #expect(session.outbound.isEmpty && session.outstandingSyncs == 1)
        session.follow(Answers.rows + Answers.ready)
        #expect(session.isIdle == true)
    }
}
