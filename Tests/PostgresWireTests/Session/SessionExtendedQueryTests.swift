import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct SessionExtendedQueryTests {
    private static let toDescription: SessionTrace = [(Backend.parsed, .parsed), (Backend.bound, .bound)]

    @Test func `a query goes out in one flight`() throws {
        var session = try SessionStage.idle.session()
        _ = session.takeOutbound()
        var parameters = BoundParameters()
        parameters.append(type: 23, format: .binary) { $0 += [0, 0, 0, 5] }
        try session.startExtendedQuery("SELECT $1", parameters: parameters)
        let flight =
            try FrontendBytes.encode(Parse(sql: "SELECT $1", parameterTypeOIDs: [23]))
            + FrontendBytes.encode(Bind(parameters: parameters, resultFormats: [.binary]))
            + FrontendBytes.encode(Describe(target: .portal(""))) + FrontendBytes.encode(Execute())
            + FrontendBytes.encode(Sync())
        #expect(session.takeOutbound() == flight)
        #expect(session.isIdle == false)
    }

    @Test func `a query with rows tells columns, command and readiness`() throws {
        var session = try SessionStage.parseComplete.session()
        session.follow(Self.toDescription)
        #expect(session.columnCount == nil)
        session.follow([(Backend.columns("a", "b"), .columns(["a", "b"]))])
        #expect(session.columnCount == 2)
        session.follow([(Backend.completes("SELECT 2"), .completed("SELECT 2"))])
        #expect(session.columnCount == nil && !session.isIdle)
        session.follow([(Backend.ready, .ready(.idle))])
        #expect(session.isIdle == true)
    }

    @Test func `rows may have no columns`() throws {
        var session = try SessionStage.description.session()
        session.follow([(Backend.columns(), .columns([]))])
        #expect(session.columnCount == 0)
    }

    @Test func `a query without rows tells so`() throws {
        var session = try SessionStage.parseComplete.session()
        session.follow(
            Self.toDescription + [
                (Backend.noData, .noColumns), (Backend.completes("BEGIN"), .completed("BEGIN")),
                (Backend.ready(.inTransaction), .ready(.inTransaction)),
            ])
        #expect(session.transactionStatus == .inTransaction && session.columnCount == nil)
    }

    @Test func `an empty query tells so`() throws {
        var session = try SessionStage.parseComplete.session()
        session.follow(
            Self.toDescription + [
                (Backend.noData, .noColumns), (Backend.empty, .emptyQuery), (Backend.ready, .ready(.idle)),
            ])
    }

    @Test(arguments: [SessionStage.parseComplete, .bindComplete, .description, .rows, .noRows, .extendedCopyOut])
    func `an error at any step is followed by readiness and nothing else`(stage: SessionStage) throws {
        var session = try stage.session()
        session.follow([(Backend.error, .failed(isFatal: false))])
        #expect(session.columnCount == nil && !session.isIdle && !session.hasEnded)
        session.follow([(Backend.ready(.failed), .ready(.failed))])
        #expect(session.isIdle && session.transactionStatus == .failed)
    }

    @Test func `an error may follow the end of the command`() throws {
        // A deferred constraint fails at the commit, which the Sync brings about.
        var session = try SessionStage.noRows.session()
        session.follow([
            (Backend.completes("INSERT 0 1"), .completed("INSERT 0 1")), (Backend.error, .failed(isFatal: false)),
            (Backend.ready, .ready(.idle)),
        ])
    }

    @Test func `one session runs query after query`() throws {
        var session = try SessionStage.idle.session()
        for _ in 0..<3 {
            try session.startExtendedQuery("SELECT", parameters: BoundParameters())
            session.follow(
                Self.toDescription + [
                    (Backend.columns("a"), .columns(["a"])), (Backend.completes("SELECT 0"), .completed("SELECT 0")),
                    (Backend.ready, .ready(.idle)),
                ])
        }
    }

    @Test func `a query that cannot be encoded leaves nothing to send and the session idle`() throws {
        var tooMany = BoundParameters()
        for _ in 0...BoundParameters.countMax { tooMany.appendNull(type: 25) }
        let refused: [(String, BoundParameters, FrontendMessageError)] = [
            ("SELECT 1\0", BoundParameters(), .containsNUL), ("SELECT 1", tooMany, .tooManyParameters),
        ]
        for (sql, parameters, error) in refused {
            var session = try SessionStage.idle.session()
            let before = [UInt8](copying: session.outbound.pending)
            #expect(throws: error) { try session.startExtendedQuery(sql, parameters: parameters) }
            #expect([UInt8](copying: session.outbound.pending) == before)
            #expect(session.isIdle == true)
        }
    }
}
