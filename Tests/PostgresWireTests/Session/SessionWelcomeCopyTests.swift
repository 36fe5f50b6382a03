import PostgresTestSupport
import PostgresWire
import Testing

/// COPY from and to the server where it is welcome (manual: "COPY Operations").
@Suite struct SessionWelcomeCopyTests {
    enum Language: CaseIterable, Sendable {
        case simple, extended
        /// After a flight that was not answered yet.
        case pipeline
    }

    /// Returns a session that said a COPY, and has yet to hear whether there is one.
    private static func session(_ language: Language) throws -> SessionStateMachine {
        var session = try (language == .simple ? SessionStage.simpleMayCopy : .idle).session()
        if language == .pipeline { try session.say { $0.runKnown() } }
        if language != .simple {
            try session.say {
                $0.parse("COPY t FROM STDIN")
                $0.run(BoundParameters(), result: .copy)
            }
        }
        if language == .pipeline { session.follow(Answers.rows + Answers.ready) }
        if language != .simple { session.follow([(Backend.parsed, .parsed), (Backend.bound, .bound)]) }
        _ = session.takeOutbound()
        return session
    }

    private static let copyIn: SessionTrace = [(Backend.copyIn, .copyIn(Backend.formats))]
    private static let copyOut: SessionTrace = [(Backend.copyOut, .copyOut(Backend.formats))]
    private static let data: SessionTrace = [(Backend.copyData, .copyData(0..<1))]
    private static let completed: SessionTrace = [(Backend.completes("COPY 1"), .completed("COPY 1"))]

    private static func sync(_ language: Language) throws -> [UInt8] {
        language == .simple ? [] : try FrontendBytes.encode(Sync())
    }

    @Test func `a flight that may be a COPY ends with a Flush, for a Sync may be ignored or not`() throws {
        var session = try SessionStage.idle.session()
        _ = session.takeOutbound()
        try session.say { $0.run(statement: "kept", BoundParameters(), result: .copy) }
        let bytes =
            try FrontendBytes.encode(Bind(statement: "kept", parameters: BoundParameters(), resultFormats: [.binary]))
            + FrontendBytes.encode(Execute()) + FrontendBytes.encode(Flush())
        #expect(session.takeOutbound() == bytes)
        #expect(session.outstandingSyncs == 1 && !session.maySayMore)
    }

    // MARK: in

    @Test(arguments: Language.allCases)
    func `data is sent and done`(language: Language) throws {
        var session = try Self.session(language)
        session.follow(Self.copyIn)
        #expect(session.outbound.isEmpty && session.takesCopyData && !session.maySayMore)
        try session.sendCopyData { $0.raw([1, 2]) }
        try session.sendCopyData { _ in }
        session.sendCopyDone()
        let bytes =
            try FrontendBytes.encode(CopyData(bytes: [1, 2])) + FrontendBytes.encode(CopyData(bytes: []))
            + FrontendBytes.encode(CopyDone()) + Self.sync(language)
        #expect(session.takeOutbound() == bytes)
        #expect(session.takesCopyData == false)
        session.follow(Self.completed + Answers.ready)
        #expect(session.isIdle && session.outbound.isEmpty)
    }

    @Test(arguments: Language.allCases)
    func `the client has the copy fail`(language: Language) throws {
        var session = try Self.session(language)
        session.follow(Self.copyIn)
        try session.sendCopyData { $0.raw([1]) }
        _ = session.takeOutbound()
        try session.sendCopyFail(reason: "no")
        #expect(try session.takeOutbound() == FrontendBytes.encode(CopyFail(reason: "no")) + Self.sync(language))
        session.follow(Answers.error + Answers.ready)
        #expect(session.isIdle && session.outbound.isEmpty)
    }

    @Test(arguments: Language.allCases)
    func `a copy that was made to fail cannot succeed`(language: Language) throws {
        for message in [Backend.completes("COPY 1"), Backend.ready, Backend.copyDone] {
            var session = try Self.session(language)
            session.follow(Self.copyIn)
            try session.sendCopyFail(reason: "no")
            session.follow([(message, .violation(.unexpectedMessage))])
        }
    }

    @Test func `a reason that cannot be encoded leaves the copy as it was`() throws {
        var session = try Self.session(.extended)
        session.follow(Self.copyIn)
        #expect(throws: FrontendMessageError.containsNUL) { try session.sendCopyFail(reason: "a\0b") }
        #expect(session.takesCopyFail && session.outbound.isEmpty)
        #expect(throws: FrontendMessageError.tooManyParameters) {
            try session.sendCopyData { body throws(FrontendMessageError) in
                body.raw([1])
                throw .tooManyParameters
            }
        }
        #expect(session.outbound.isEmpty == true)
        session.sendCopyDone()
        session.follow(Self.completed + Answers.ready)
    }

    @Test(arguments: Language.allCases)
    func `the server fails while the client sends, and gets the one Sync that is due`(language: Language) throws {
        var session = try Self.session(language)
        session.follow(Self.copyIn)
        try session.sendCopyData { $0.raw([1]) }
        _ = session.takeOutbound()
        session.follow(Answers.error)
        #expect(session.takesCopyData == false)
        #expect(try session.takeOutbound() == Self.sync(language))
        session.follow(Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test(arguments: Language.allCases)
    func `the server fails after the client is done, and gets no second Sync`(language: Language) throws {
        var session = try Self.session(language)
        session.follow(Self.copyIn)
        session.sendCopyDone()
        _ = session.takeOutbound()
        session.follow(Answers.error)
        #expect(session.outbound.isEmpty == true)
        session.follow(Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test(arguments: Language.allCases)
    func `a statement that fails before it is a COPY gets the one Sync that is due`(language: Language) throws {
        var session = try Self.session(language)
        session.follow(Answers.error)
        #expect(try session.takeOutbound() == Self.sync(language))
        session.follow(Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test func `flights follow a copy as soon as the client is done`() throws {
        var session = try Self.session(.pipeline)
        session.follow(Self.copyIn)
        session.sendCopyDone()
        let number = try session.say { $0.runKnown() }
        #expect(number == 2 && session.outstandingSyncs == 2)
        session.follow(Self.completed + Answers.ready + Answers.rows + Answers.ready)
        #expect(session.isIdle == true)
    }

    // MARK: out

    @Test(arguments: Language.allCases)
    func `data is received up to its end`(language: Language) throws {
        var session = try Self.session(language)
        session.follow(Self.copyOut)
        // The server waits for nothing, so it heeds the Sync.
        #expect(try session.takeOutbound() == Self.sync(language))
        #expect(session.awaitsCopyData && !session.takesCopyData)
        session.follow(Self.data + Self.data + [(Backend.copyDone, .copyDone)] + Self.completed + Answers.ready)
        #expect(session.isIdle && session.outbound.isEmpty)
    }

    @Test func `data is told by the indices that came with it`() throws {
        var session = try SessionStage.output.session()
        guard case .copyData(let bytes)? = try session.receiveCopyData(40..<45) else {
            Issue.record("no data")
            return
        }
        #expect(bytes == 40..<45)
    }

    @Test(arguments: [SessionStage.extendedCopyOut, .simpleCopyOut])
    func `data of a copy that was refused is passed over`(stage: SessionStage) throws {
        var session = try stage.session()
        #expect(try session.receiveCopyData(40..<45) == nil)
        #expect(session.awaitsCopyData == false)
    }

    @Test(arguments: [SessionStage.input, .simpleInput, .rows, .idle, .finishing, .outputDone, .bothServerDone])
    func `data that may not come ends the session`(stage: SessionStage) throws {
        var session = try stage.session()
        #expect(throws: ProtocolViolation.self) { try session.receiveCopyData(0..<1) }
        #expect(session.hasEnded == true)
    }

    @Test(arguments: Language.allCases)
    func `the server fails while it sends`(language: Language) throws {
        var session = try Self.session(language)
        session.follow(Self.copyOut + Self.data)
        _ = session.takeOutbound()
        session.follow(Answers.error)
        #expect(session.outbound.isEmpty && !session.awaitsCopyData)
        session.follow(Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test func `flights follow a copy from the server at once, and its failure does not touch them`() throws {
        for fails in [true, false] {
            var session = try Self.session(.extended)
            session.follow(Self.copyOut)
            try session.say { $0.runKnown() }
            session.follow(
                Self.data + (fails ? Answers.error : [(Backend.copyDone, .copyDone)] + Self.completed) + Answers.ready)
            session.follow(Answers.rows + Answers.ready)
            #expect(session.isIdle == true)
        }
    }

    @Test func `a command is complete only after its data is`() throws {
        for stage in [SessionStage.output, .simpleOutput, .input, .simpleInput] {
            var session = try stage.session()
            session.follow([(Backend.completes("COPY 1"), .violation(.unexpectedMessage))])
        }
    }

    // MARK: neither

    @Test(arguments: Language.allCases)
    func `a statement that is no COPY runs as ever, and its Sync follows`(language: Language) throws {
        for (message, outcome) in [
            (Backend.completes("DELETE 1"), SessionOutcome.completed("DELETE 1")), (Backend.empty, .emptyQuery),
        ] {
            var session = try Self.session(language)
            session.follow([(message, outcome)])
            #expect(try session.takeOutbound() == Self.sync(language))
            session.follow(Answers.ready)
            #expect(session.isIdle == true)
        }
    }

    @Test func `several copies of one simple query follow each other`() throws {
        var session = try Self.session(.simple)
        session.follow(Self.copyIn)
        session.sendCopyDone()
        session.follow(Self.completed + Self.copyOut + Self.data + [(Backend.copyDone, .copyDone)] + Self.completed)
        session.follow(
            [(Backend.columns("a"), .columns(["a"])), (Backend.completes("SELECT 1"), .completed("SELECT 1"))]
                + Self.copyIn)
        #expect(session.takesCopyFail == true)
    }

    @Test func `a copy is refused again in the query after one that welcomed it`() throws {
        var session = try Self.session(.simple)
        session.follow(Self.completed + Answers.ready)
        try session.startSimpleQuery("COPY t FROM STDIN")
        session.follow([(Backend.copyIn, .copyRefused)] + Answers.error + Answers.ready)
    }

    // MARK: refused in a pipeline

    @Test func `a copy from the server that is refused does not touch the flights after it`() throws {
        var session = try SessionStage.noRows.session()
        try session.say { $0.runKnown() }
        session.follow([(Backend.copyOut, .copyRefused), (Backend.copyData, .nothing), (Backend.copyDone, .nothing)])
        session.follow(Self.completed + Answers.ready + Answers.rows + Answers.ready)
        #expect(session.isIdle == true)
    }

    @Test func `a copy to the server that is refused is the last of its pipeline, or the session ends`() throws {
        var last = try SessionStage.idle.session()
        try last.say { $0.runKnown() }
        try last.say { $0.run(BoundParameters(), result: .noRows) }
        last.follow(Answers.rows + Answers.ready + [(Backend.bound, .bound), (Backend.copyIn, .copyRefused)])
        last.follow(Answers.error + Answers.ready)
        #expect(last.isIdle == true)
        // What was said after it is taken for a violation by the server, which can no longer be followed.
        for andSync in [true, false] {
            var middle = try SessionStage.noRows.session()
            try middle.say(andSync: andSync) { $0.runKnown() }
            middle.follow([(Backend.copyIn, .violation(.unexpectedMessage))])
        }
    }

    @Test func `a copy to the server that is refused without a Sync waits for the Sync that is said later`() throws {
        var session = try SessionStage.idle.session()
        try session.say(andSync: false) { $0.execute(portal: "", result: .noRows) }
        _ = session.takeOutbound()
        session.follow([(Backend.copyIn, .copyRefused)])
        #expect(try session.takeOutbound() == FrontendBytes.encode(CopyFail(reason: "COPY cannot be run as a query")))
        try session.sync()
        session.follow(Answers.error + Answers.ready)
        #expect(session.isIdle == true)
    }
}
