import PostgresTestSupport
import PostgresWire
import Testing

/// Flights of the extended protocol that say more, or less, than what runs an unknown statement.
@Suite struct SessionFlightTests {
    private func session(saying say: (inout ExtendedFlight) -> Void) throws -> SessionStateMachine {
        var session = try SessionStage.idle.session()
        _ = session.takeOutbound()
        var flight = ExtendedFlight()
        say(&flight)
        try session.start(flight)
        return session
    }

    private static var parameters: BoundParameters {
        var parameters = BoundParameters()
        parameters.append(type: 23, format: .binary) { $0 += [0, 0, 0, 5] }
        return parameters
    }

    @Test func `a statement that is known is bound and run, and nothing else is said`() throws {
        var session = try session {
            $0.run(statement: "kept", Self.parameters, result: .rows(columnCount: 2))
        }
        let flight =
            try FrontendBytes.encode(Bind(statement: "kept", parameters: Self.parameters, resultFormats: [.binary]))
            + FrontendBytes.encode(Execute()) + FrontendBytes.encode(Sync())
        #expect(session.takeOutbound() == flight)
        session.follow([(Backend.bound, .bound)])
        #expect(session.columnCount == 2)
        session.follow([(Backend.completes("SELECT 1"), .completed("SELECT 1")), (Backend.ready, .ready(.idle))])
        #expect(session.isIdle == true)
    }

    @Test func `a known statement that returns no rows may send none`() throws {
        var session = try session { $0.run(statement: "kept", BoundParameters(), result: .noRows) }
        session.follow([(Backend.bound, .bound)])
        #expect(session.columnCount == nil)
        session.follow([(Backend.completes("DELETE 3"), .completed("DELETE 3")), (Backend.ready, .ready(.idle))])
    }

    @Test func `a statement is prepared under a name and described by its parameters and columns`() throws {
        var session = try session {
            $0.parse("SELECT $1", as: "new", parameterTypeOIDs: [0])
            $0.describe(statement: "new")
        }
        let flight =
            try FrontendBytes.encode(Parse(statement: "new", sql: "SELECT $1", parameterTypeOIDs: [0]))
            + FrontendBytes.encode(Describe(target: .statement("new"))) + FrontendBytes.encode(Sync())
        #expect(session.takeOutbound() == flight)
        session.follow([
            (Backend.parsed, .parsed), (Backend.parameterTypes(25), .parameterTypes([25])),
            (Backend.columns("a"), .columns(["a"])),
        ])
        #expect(session.columnCount == nil, "describing runs nothing")
        session.follow([(Backend.ready, .ready(.idle))])
    }

    @Test func `statements are closed first, commands run next, and the statement last`() throws {
        var session = try session {
            $0.close(statement: "old")
            $0.run(command: "BEGIN")
            $0.run(BoundParameters())
        }
        let none = BoundParameters()
        let flight =
            try FrontendBytes.encode(Close(target: .statement("old"))) + FrontendBytes.encode(Parse(sql: "BEGIN"))
            + FrontendBytes.encode(Bind(parameters: none)) + FrontendBytes.encode(Execute())
            + FrontendBytes.encode(Bind(parameters: none, resultFormats: [.binary]))
            + FrontendBytes.encode(Describe(target: .portal(""))) + FrontendBytes.encode(Execute())
            + FrontendBytes.encode(Sync())
        #expect(session.takeOutbound() == flight)
        session.follow([
            (Backend.closed, .nothing), (Backend.parsed, .parsed), (Backend.bound, .bound),
            (Backend.completes("BEGIN"), .completed("BEGIN")), (Backend.bound, .bound),
            (Backend.columns("a"), .columns(["a"])), (Backend.completes("SELECT 0"), .completed("SELECT 0")),
            (Backend.ready(.inTransaction), .ready(.inTransaction)),
        ])
    }

    @Test func `behind an error everything up to readiness is skipped`() throws {
        var session = try session {
            $0.run(command: "BEGIN")
            $0.parse("SELECT")
            $0.run(BoundParameters())
        }
        session.follow([(Backend.parsed, .parsed), (Backend.error, .failed(isFatal: false))])
        session.follow([(Backend.ready(.failed), .ready(.failed))])
        // Nothing is left over for the next one.
        try session.startExtendedQuery("SELECT", parameters: BoundParameters())
        session.follow([(Backend.parsed, .parsed), (Backend.bound, .bound), (Backend.noData, .noColumns)])
    }

    @Test func `what was said first is answered even where the rest is skipped`() throws {
        var session = try session {
            $0.run(command: "SELECT 1")
            $0.flush()
            $0.run(command: "COMMIT")
        }
        #expect(session.takeOutbound().filter { $0 == UInt8(ascii: "H") }.count == 1)
        session.follow([
            (Backend.parsed, .parsed), (Backend.bound, .bound),
            (Backend.completes("SELECT 1"), .completed("SELECT 1")), (Backend.parsed, .parsed),
            (Backend.error, .failed(isFatal: false)), (Backend.ready, .ready(.idle)),
        ])
    }

    @Test func `a flight of which one message cannot be encoded says nothing`() throws {
        var session = try SessionStage.idle.session()
        _ = session.takeOutbound()
        var flight = ExtendedFlight()
        flight.run(command: "BEGIN")
        flight.parse("SELECT 1\0")
        flight.run(BoundParameters())
        #expect(throws: FrontendMessageError.containsNUL) { try session.start(flight) }
        #expect(session.outbound.isEmpty == true && session.isIdle)
    }
}
