import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct SessionCopyTests {
    @Test func `a copy to the server is refused by CopyFail and, in an extended query, another Sync`() throws {
        let fail = try FrontendBytes.encode(CopyFail(reason: "COPY cannot be run as a query"))
        let refusals: [(SessionStage, [UInt8])] = [
            (.noRows, fail + (try FrontendBytes.encode(Sync()))), (.simpleResult, fail),
        ]
        for (stage, bytes) in refusals {
            var session = try stage.session()
            _ = session.takeOutbound()
            session.follow([(Backend.copyIn, .copyRefused)])
            #expect(session.takeOutbound() == bytes)
            session.follow([(Backend.error, .failed(isFatal: false)), (Backend.ready, .ready(.idle))])
            #expect(session.isIdle && session.outbound.isEmpty)
        }
    }

    @Test(arguments: [SessionStage.noRows, .simpleResult])
    func `a copy from the server is refused and read to its end`(stage: SessionStage) throws {
        var session = try stage.session()
        _ = session.takeOutbound()
        session.follow([
            (Backend.copyOut, .copyRefused), (Backend.copyData, .nothing), (Backend.copyData, .nothing),
            (Backend.copyDone, .nothing), (Backend.completes("COPY 2"), .completed("COPY 2")),
            (Backend.ready, .ready(.idle)),
        ])
        #expect(session.isIdle && session.outbound.isEmpty)
    }

    @Test func `a copy in both directions may not come`() throws {
        let formats = CopyFormats(overall: .text, columns: [])
        for stage in [SessionStage.noRows, .simpleResult] {
            var session = try stage.session()
            session.follow([
                (.copyBothResponse(CopyBothResponse(formats: formats)), .violation(.unexpectedMessage))
            ])
        }
    }

    @Test func `copied data without a copy is a violation`() throws {
        for stage in [SessionStage.rows, .noRows, .simpleResult, .simpleRows, .idle, .finishing] {
            var session = try stage.session()
            session.follow([(Backend.copyData, .violation(.unexpectedMessage))])
        }
    }
}
