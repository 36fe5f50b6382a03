import PostgresTestSupport
import PostgresWire
import Testing

/// Copies of both directions (manual: "Streaming Replication Protocol").
@Suite struct SessionCopyBothTests {
    private static let data: SessionTrace = [(Backend.copyData, .copyData(0..<1))]
    private static let done: SessionTrace = [(Backend.copyDone, .copyDone)]
    private static let ended: SessionTrace = [(Backend.completes("STREAMING"), .completed("STREAMING"))]

    private static let stages: [SessionStage] = [.both, .simpleBoth]

    private static func session(_ stage: SessionStage) throws -> SessionStateMachine {
        var session = try stage.session()
        _ = session.takeOutbound()
        return session
    }

    private static func sync(_ stage: SessionStage) throws -> [UInt8] {
        stage == .both ? try FrontendBytes.encode(Sync()) : []
    }

    @Test(arguments: stages)
    func `both sides send, and feedback goes out while nothing is read`(stage: SessionStage) throws {
        var session = try Self.session(stage)
        session.follow(Self.data)
        for _ in 0..<3 { try session.sendCopyData { $0.raw([9]) } }
        let feedback = try FrontendBytes.encode(CopyData(bytes: [9]))
        #expect(session.takeOutbound() == feedback + feedback + feedback)
        session.follow(Self.data)
        #expect(session.takesCopyData && session.awaitsCopyData && !session.takesCopyFail && !session.maySayMore)
    }

    @Test(arguments: stages)
    func `the client ends it, and the server sends on until it is done as well`(stage: SessionStage) throws {
        var session = try Self.session(stage)
        session.sendCopyDone()
        #expect(try session.takeOutbound() == FrontendBytes.encode(CopyDone()) + Self.sync(stage))
        #expect(!session.takesCopyData && session.awaitsCopyData)
        session.follow(Self.data + Self.done)
        #expect(session.awaitsCopyData == false)
        session.follow(Self.ended + Answers.ready)
        #expect(session.isIdle && session.outbound.isEmpty)
    }

    @Test(arguments: stages)
    func `the server ends it, and the client sends on until it is done as well`(stage: SessionStage) throws {
        var session = try Self.session(stage)
        session.follow(Self.data + Self.done)
        #expect(session.takesCopyData && !session.awaitsCopyData && session.outbound.isEmpty)
        try session.sendCopyData { $0.raw([9]) }
        session.sendCopyDone()
        let bytes = try FrontendBytes.encode(CopyData(bytes: [9])) + FrontendBytes.encode(CopyDone())
        #expect(try session.takeOutbound() == bytes + Self.sync(stage))
        session.follow(Self.ended + Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test func `the server sends no data after it is done`() throws {
        for stage in [SessionStage.bothServerDone, .simpleBothServerDone] {
            for message in [Backend.copyData, Backend.copyDone] {
                var session = try stage.session()
                session.follow([(message, .violation(.unexpectedMessage))])
            }
        }
    }

    @Test(arguments: [SessionStage.both, .bothClientDone, .bothServerDone, .bothDone])
    func `the server fails, and gets the one Sync that is due`(stage: SessionStage) throws {
        var session = try Self.session(stage)
        let wasSaid = stage == .bothClientDone || stage == .bothDone
        session.follow(Answers.error)
        #expect(!session.takesCopyData && !session.awaitsCopyData)
        #expect(try session.takeOutbound() == (wasSaid ? [] : FrontendBytes.encode(Sync())))
        session.follow(Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test(arguments: [SessionStage.simpleBoth, .simpleBothClientDone, .simpleBothServerDone])
    func `the server fails in a simple query, and is ready by itself`(stage: SessionStage) throws {
        // The manual has it wait for a Sync, but it does not; it would be ready twice.
        var session = try Self.session(stage)
        session.follow(Answers.error)
        #expect(session.outbound.isEmpty && !session.takesCopyData)
        session.follow(Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test(arguments: [
        SessionStage.both, .bothClientDone, .bothServerDone, .simpleBoth, .simpleBothClientDone, .simpleBothServerDone,
    ])
    func `a server that shuts down says that the command is complete, and no more`(stage: SessionStage) throws {
        var session = try Self.session(stage)
        session.follow([(Backend.completes("COPY 0"), .completed("COPY 0"))])
        #expect(!session.takesCopyData && !session.isIdle && !session.hasEnded)
    }

    @Test func `a timeline that ended is followed by a result that names the next one`() throws {
        var session = try Self.session(.simpleBoth)
        session.follow(Self.data + Self.done)
        session.sendCopyDone()
        session.follow([(Backend.columns("next_tli", "startpos"), .columns(["next_tli", "startpos"]))])
        #expect(session.columnCount == 2)
        session.follow(Self.ended + [(Backend.completes("COPY"), .completed("COPY"))] + Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test func `a base backup sends results around its data`() throws {
        var session = try SessionStage.simpleMayCopy.session()
        let position: SessionTrace = [
            (Backend.columns("a"), .columns(["a"])), (Backend.completes("SELECT"), .completed("SELECT")),
        ]
        let archive = [(Backend.copyOut, .copyOut(Backend.formats))] + Self.data + Self.done
        session.follow(position + archive + archive + position + Self.ended + Answers.ready)
        #expect(session.isIdle == true)
    }
}
