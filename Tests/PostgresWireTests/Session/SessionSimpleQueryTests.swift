import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct SessionSimpleQueryTests {
    @Test func `a query goes out as it is`() throws {
        var session = try SessionStage.idle.session()
        _ = session.takeOutbound()
        try session.startSimpleQuery("SELECT 1; SELECT 2")
        #expect(try session.takeOutbound() == FrontendBytes.encode(Query(sql: "SELECT 1; SELECT 2")))
    }

    @Test func `several commands tell their results one after the other`() throws {
        var session = try SessionStage.simpleResult.session()
        session.follow([(Backend.columns("a"), .columns(["a"]))])
        #expect(session.columnCount == 1)
        session.follow([(Backend.completes("SELECT 1"), .completed("SELECT 1"))])
        #expect(session.columnCount == nil)
        session.follow([
            (Backend.completes("BEGIN"), .completed("BEGIN")), (Backend.columns("b", "c"), .columns(["b", "c"])),
        ])
        #expect(session.columnCount == 2)
        session.follow([
            (Backend.completes("SELECT 0"), .completed("SELECT 0")),
            (Backend.ready(.inTransaction), .ready(.inTransaction)),
        ])
        #expect(session.isIdle == true)
    }

    @Test func `an empty query tells so`() throws {
        var session = try SessionStage.simpleResult.session()
        session.follow([(Backend.empty, .emptyQuery), (Backend.ready, .ready(.idle))])
    }

    @Test(arguments: [SessionStage.simpleResult, .simpleRows, .simpleCopyOut])
    func `an error in the middle is followed by readiness`(stage: SessionStage) throws {
        var session = try stage.session()
        session.follow([(Backend.error, .failed(isFatal: false))])
        #expect(session.columnCount == nil)
        session.follow([(Backend.ready(.failed), .ready(.failed))])
        #expect(session.isIdle == true)
    }

    @Test func `no further result may follow an error`() throws {
        for message in [Backend.columns("a"), Backend.completes("SELECT 0"), Backend.empty, Backend.copyOut] {
            var session = try SessionStage.simpleResult.session()
            session.follow([(Backend.error, .failed(isFatal: false)), (message, .violation(.unexpectedMessage))])
        }
    }

    @Test func `rows end with their command`() throws {
        for message in [Backend.columns("a"), Backend.ready, Backend.empty, Backend.copyIn, Backend.copyOut] {
            var session = try SessionStage.simpleRows.session()
            session.follow([(message, .violation(.unexpectedMessage))])
        }
    }

    @Test func `a query that cannot be encoded leaves nothing to send and the session idle`() throws {
        var session = try SessionStage.idle.session()
        _ = session.takeOutbound()
        #expect(throws: FrontendMessageError.containsNUL) { try session.startSimpleQuery("SELECT '\0'") }
        #expect(session.outbound.isEmpty && session.isIdle)
    }
}
