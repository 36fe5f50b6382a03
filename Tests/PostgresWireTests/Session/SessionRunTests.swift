import PostgresTestSupport
import PostgresWire
import Testing

/// One run of a statement that is alone in its flight, and the short messages that answer it.
@Suite struct SessionRunTests {
    private static func parameters(_ formats: [FormatCode]) -> BoundParameters {
        var parameters = BoundParameters()
        for format in formats { parameters.append(type: 23, format: format) { $0.append(7) } }
        return parameters
    }

    @Test(
        arguments: [[], [.binary], [.text, .binary]] as [[FormatCode]],
        [.noRows, .rows(columnCount: 2)] as [ExtendedFlight.Result])
    func `a run is said and answered as a flight of it alone`(formats: [FormatCode], result: ExtendedFlight.Result)
        throws
    {
        var alone = try SessionStage.idle.session()
        var inFlight = try SessionStage.idle.session()
        _ = (alone.takeOutbound(), inFlight.takeOutbound())
        let parameters = Self.parameters(formats)
        try alone.start(runOf: "s1", parameters, resultFormats: [.text, .binary], result: result)
        var flight = ExtendedFlight()
        flight.run(statement: "s1", parameters, resultFormats: [.text, .binary], result: result)
        try inFlight.start(flight)
        #expect(alone.takeOutbound() == inFlight.takeOutbound())
        #expect(alone.outstandingSyncs == 1 && alone.maySayMore)
        alone.follow([(Backend.bound, .bound), (Backend.completes("SELECT 0"), .completed("SELECT 0"))])
        alone.follow(Answers.ready)
        #expect(alone.isIdle == true)
    }

    @Test(arguments: SessionStage.allCases, [false, true])
    func `a run may be said wherever a flight may, and leads to the same`(stage: SessionStage, andSync: Bool) throws {
        var alone = try stage.session()
        var inFlight = try stage.session()
        guard alone.maySayMore else { return }
        let parameters = Self.parameters([.binary])
        try alone.start(runOf: "s1", parameters, resultFormats: [.binary], result: .noRows, andSync: andSync)
        var flight = ExtendedFlight()
        flight.run(statement: "s1", parameters, result: .noRows)
        try inFlight.start(flight, andSync: andSync)
        #expect(alone.takeOutbound() == inFlight.takeOutbound())
        #expect(alone.outstandingSyncs == inFlight.outstandingSyncs)
        #expect(alone.isIdle == inFlight.isIdle && alone.awaitsOwnSync == inFlight.awaitsOwnSync)
        for message in [Backend.error, Backend.ready, Backend.ready] {
            #expect(SessionOutcome(of: message, in: &alone) == SessionOutcome(of: message, in: &inFlight))
        }
    }

    @Test func `a run that cannot be encoded leaves the session idle, and nothing to be sent`() throws {
        var session = try SessionStage.idle.session()
        _ = session.takeOutbound()
        #expect(throws: FrontendMessageError.containsNUL) {
            try session.start(runOf: "s\01", BoundParameters(), resultFormats: [], result: .noRows)
        }
        #expect(session.isIdle == true)
        #expect(session.takeOutbound().isEmpty)
        #expect(session.outstandingSyncs == 0)
    }

    /// Messages that come with runs, and such as look like them.
    private static let messages: [[UInt8]] = [
        BackendBytes().message("2").bytes, BackendBytes().message("2", [0]).bytes,
        BackendBytes().complete("SELECT 5").bytes, BackendBytes().complete("SET").bytes,
        BackendBytes().complete("").bytes, BackendBytes().message("C").bytes, BackendBytes().message("C", [65]).bytes,
        BackendBytes().message("C", [65, 0, 65, 0]).bytes, BackendBytes().message("C", [0xC3, 0xA9, 0]).bytes,
        BackendBytes().message("C", [0xC3, 0]).bytes, BackendBytes().complete(String(repeating: "X", count: 90)).bytes,
        BackendBytes().ready().bytes, BackendBytes().ready("T").bytes, BackendBytes().ready("E").bytes,
        BackendBytes().ready("?").bytes, BackendBytes().message("Z").bytes,
        BackendBytes().message("Z", [73, 73]).bytes,
        [UInt8(ascii: "Z"), 0, 0, 0, 3], [UInt8(ascii: "2"), 0xFF, 0xFF, 0xFF, 0xFF], BackendBytes().message("1").bytes,
        BackendBytes().message("I").bytes, BackendBytes().message("D", [0, 0]).bytes,
    ]

    @Test(arguments: SessionStage.allCases)
    func `a short message means what it means as a message, in every phase`(stage: SessionStage) throws {
        for message in Self.messages {
            for following in [[], BackendBytes().ready().bytes] {
                var fast = try stage.session()
                var slow = try stage.session()
                let slab = Self.slab(message + following)
                guard let event = fast.receiveShort(in: slab) else {
                    #expect(slab.end - slab.start == message.count + following.count)
                    continue
                }
                #expect(slab.end - slab.start == following.count)
                let body = Array(message.dropFirst(5))
                let expected = try slow.receive(BackendMessage(type: message[0], body: body.rawSpan))
                #expect("\(event)" == expected.map { "\($0)" })
                #expect(fast.isIdle == slow.isIdle && fast.isFinishing == slow.isFinishing)
                #expect(fast.columnCount == slow.columnCount && fast.syncsAnswered == slow.syncsAnswered)
                #expect(fast.transactionStatus == slow.transactionStatus)
            }
        }
    }

    @Test func `what answers a run is taken as a short message, once it is whole`() throws {
        let answer = BackendBytes().message("2").complete("UPDATE 3").ready("T").bytes
        for split in 0...answer.count {
            var session = try SessionStage.idle.session()
            try session.start(runOf: "s", BoundParameters(), resultFormats: [], result: .noRows)
            let slab = ReceiveSlab(capacity: 4 << 10)
            var events: [String] = []
            for part in [answer[..<split], answer[split...]] {
                _ = slab.receive { output in for byte in part { output.append(byte) } }
                while let event = session.receiveShort(in: slab) { events.append("\(event)") }
            }
            #expect(events.count == 3)
            #expect(session.isIdle == true)
            #expect(session.transactionStatus == .inTransaction)
        }
    }

    private static func slab(_ bytes: [UInt8]) -> ReceiveSlab {
        let slab = ReceiveSlab(capacity: 4 << 10)
        _ = slab.receive { output in for byte in bytes { output.append(byte) } }
        return slab
    }
}
