import PostgresTestSupport
import PostgresWire
import Testing

/// Portals that are executed a few rows at a time.
@Suite struct SessionPortalTests {
    private static let begun: SessionTrace = [(Backend.bound, .bound), (Backend.suspended, .suspended)]
    private static let inBlock: SessionTrace = [(Backend.ready(.inTransaction), .ready(.inTransaction))]

    private static func begin(_ flight: inout ExtendedFlight) {
        flight.bind(portal: "p", statement: "kept", BoundParameters())
        flight.execute(portal: "p", maximumRows: 2, result: .rows(columnCount: 2))
    }

    private static func proceed(_ flight: inout ExtendedFlight) {
        flight.execute(portal: "p", maximumRows: 2, result: .rows(columnCount: 2))
    }

    private static func suspended() throws -> SessionStateMachine {
        var session = try SessionStage.idle.session()
        _ = session.takeOutbound()
        try session.say(begin)
        session.follow(begun + inBlock)
        return session
    }

    @Test func `a row limit goes out with the Execute of a named portal`() throws {
        var session = try Self.suspended()
        let bytes =
            try FrontendBytes.encode(
                Bind(portal: "p", statement: "kept", parameters: BoundParameters(), resultFormats: [.binary]))
            + FrontendBytes.encode(Execute(portal: "p", maximumRows: 2)) + FrontendBytes.encode(Sync())
        #expect(session.takeOutbound() == bytes)
    }

    @Test func `a portal is suspended and continued until it has no more rows`() throws {
        var session = try Self.suspended()
        try session.say(Self.proceed)
        #expect(session.columnCount == 2)
        session.follow([(Backend.suspended, .suspended)])
        #expect(session.columnCount == nil)
        session.follow(Self.inBlock)
        try session.say(Self.proceed)
        session.follow([(Backend.completes("SELECT 1"), .completed("SELECT 1"))] + Self.inBlock)
        #expect(session.isIdle == true)
    }

    @Test func `a portal is suspended and closed`() throws {
        var session = try Self.suspended()
        _ = session.takeOutbound()
        try session.say { $0.close(portal: "p") }
        let close = try FrontendBytes.encode(Close(target: .portal("p"))) + FrontendBytes.encode(Sync())
        #expect(session.takeOutbound() == close)
        session.follow([(Backend.closed, .nothing)] + Self.inBlock)
        try session.say(Self.proceed)
        session.follow(Answers.error + [(Backend.ready(.failed), .ready(.failed))])
    }

    @Test func `a portal may fail at its first row or later`() throws {
        var session = try Self.suspended()
        try session.say(Self.proceed)
        session.follow(Answers.error + [(Backend.ready(.failed), .ready(.failed))])
        #expect(session.isIdle && session.columnCount == nil)
        try session.say(Self.begin)
        session.follow([(Backend.bound, .bound)] + Answers.error + [(Backend.ready(.failed), .ready(.failed))])
    }

    @Test func `a suspended portal is left for the Sync`() throws {
        var session = try SessionStage.idle.session()
        try session.say(Self.begin)
        session.follow(Self.begun + Answers.ready)
        #expect(session.isIdle && session.transactionStatus == .idle)
    }

    @Test func `a portal is continued without a Sync in between`() throws {
        var session = try SessionStage.idle.session()
        try session.say(andSync: false) {
            Self.begin(&$0)
            $0.flush()
        }
        session.follow(Self.begun)
        try session.say(andSync: false) {
            Self.proceed(&$0)
            $0.flush()
        }
        session.follow([(Backend.suspended, .suspended)])
        try session.say { $0.close(portal: "p") }
        session.follow([(Backend.closed, .nothing)] + Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test func `portals take turns in a pipeline`() throws {
        var session = try SessionStage.idle.session()
        try session.say(Self.begin)
        try session.say(Self.proceed)
        try session.say { $0.runKnown() }
        session.follow(Self.begun + Self.inBlock)
        session.follow([(Backend.completes("SELECT 1"), .completed("SELECT 1"))] + Self.inBlock)
        session.follow(Answers.rows + Self.inBlock)
        #expect(session.isIdle == true)
    }

    @Test func `what a portal returns is described before it is run, and decides whether it can be suspended`() throws {
        for hasRows in [true, false] {
            var session = try SessionStage.idle.session()
            try session.say {
                $0.bind(portal: "p", BoundParameters())
                $0.execute(portal: "p", maximumRows: 1)
            }
            session.follow([
                (Backend.bound, .bound),
                hasRows ? (Backend.columns("a"), .columns(["a"])) : (Backend.noData, .noColumns),
            ])
            #expect(session.columnCount == (hasRows ? 1 : nil))
            session.follow([(Backend.suspended, hasRows ? .suspended : .violation(.unexpectedMessage))])
        }
    }

    @Test func `describing a portal runs nothing, and says nothing of the next one`() throws {
        var session = try SessionStage.idle.session()
        try session.say {
            $0.describe(portal: "p")
            $0.execute(portal: "q", result: .noRows)
        }
        session.follow([(Backend.columns("a"), .columns(["a"]))])
        #expect(session.columnCount == nil)
        session.follow([(Backend.completes("DONE"), .completed("DONE"))] + Answers.ready)
    }

    @Test func `without a row limit nothing is suspended`() throws {
        for stage in [SessionStage.rows, .noRows, .simpleRows, .simpleResult, .mayCopy, .idle] {
            var session = try stage.session()
            session.follow([(Backend.suspended, .violation(.unexpectedMessage))])
        }
    }
}
