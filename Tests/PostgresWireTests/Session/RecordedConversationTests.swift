import PostgresTestSupport
import PostgresWire
import Testing

/// What PostgreSQL 15 said in real conversations, however it is cut.
@Suite struct RecordedConversationTests {
    private typealias Heard = RecordedConversation.Heard

    @Test func `a pipeline of which one flight fails`() throws {
        let server =
            "31000000043200000004540000001a00016100000000000000000000170004ffffffff0000440000000b000100000001314300"
            + "00000d53454c4543542031005a000000054931000000044500000041534552524f5200564552524f5200433232303132004d64"
            + "69766973696f6e206279207a65726f0046696e742e63004c3836390052696e743464697600005a000000054931000000043200"
            + "000004540000001a00016100000000000000000000170004ffffffff0000440000000b00010000000133430000000d53454c45"
            + "43542031005a0000000549"
        let result = { (value: String) -> [Heard] in
            [.parsed, .bound, .columns(["a"])].map(Heard.event)
                + [.row(value), .event(.completed("SELECT 1")), .event(.ready(.idle))]
        }
        try expect(
            result("1") + [.parsed, .failed(isFatal: false), .ready(.idle)].map(Heard.event) + result("3"),
            of: server,
            saying: [
                { session in
                    try session.say { $0.runText("SELECT 1 AS a") }
                    try session.say {
                        $0.runText("SELECT 1/0")
                        $0.runText("SELECT 2")
                    }
                    try session.say { $0.runText("SELECT 3 AS a") }
                }
            ])
    }

    @Test func `a portal that is suspended, continued and closed`() throws {
        let server =
            "310000000432000000046e00000004430000000a424547494e005a000000055431000000043200000004540000001a000161"
            + "00000000000000000000170004ffffffff0000440000000b00010000000131440000000b0001000000013273000000045a0000"
            + "000554440000000b00010000000133440000000b0001000000013473000000045a0000000554440000000b0001000000013543"
            + "0000000d53454c4543542031005a000000055433000000045a0000000554310000000432000000046e00000004430000000b43"
            + "4f4d4d4954005a0000000549"
        let block = Heard.event(.ready(.inTransaction))
        let silent = { (tag: String) -> [Heard] in
            [.parsed, .bound, .noColumns, .completed(tag)].map(Heard.event)
        }
        let first: [Heard] =
            [.parsed, .bound, .columns(["a"])].map(Heard.event)
            + [.row("1"), .row("2"), .event(.suspended), block]
        let rest: [Heard] = [
            .row("3"), .row("4"), .event(.suspended), block, .row("5"), .event(.completed("SELECT 1")), block,
        ]
        let proceed = { (flight: inout ExtendedFlight) in
            flight.execute(portal: "p", maximumRows: 2, result: .rows(columnCount: 1))
        }
        try expect(
            silent("BEGIN") + [block] + first + rest + [block] + silent("COMMIT") + [.event(.ready(.idle))],
            of: server,
            saying: [
                { session in try session.say { $0.runText("BEGIN") } },
                { session in
                    try session.say {
                        $0.parse("SELECT generate_series(1, 5) AS a")
                        $0.bind(portal: "p", BoundParameters(), resultFormats: [])
                        $0.execute(portal: "p", maximumRows: 2)
                    }
                },
                { session in
                    try session.say(proceed)
                    try session.say(proceed)
                },
                { session in try session.say { $0.close(portal: "p") } },
                { session in try session.say { $0.runText("COMMIT") } },
            ])
    }

    @Test func `copies to the server, of which one fails, and from it`() throws {
        let server =
            "310000000432000000046e0000000447000000090000010000430000000b434f50592032005a00000005493100000004320000"
            + "00046e0000000447000000090000010000450000008b534552524f5200564552524f5200433232503032004d696e76616c6964"
            + "20696e7075742073796e74617820666f72207479706520696e74656765723a202278220057434f5059206e756d626572732c20"
            + "6c696e6520312c20636f6c756d6e20613a2022782200466e756d7574696c732e63004c323332005270675f737472746f696e74"
            + "333200005a0000000549310000000432000000046e00000004480000000900000100006400000006310a6400000006320a6300"
            + "000004430000000b434f50592032005a0000000549"
        let begin: [Heard] = [.parsed, .bound].map(Heard.event)
        let completed: [Heard] = [.completed("COPY 2"), .ready(.idle)].map(Heard.event)
        let copyIn = Heard.event(.copyIn(Backend.formats))
        let copy = { (sql: String) -> RecordedConversation.Verb in
            { session in
                try session.say {
                    $0.parse(sql)
                    $0.bind(portal: "", BoundParameters(), resultFormats: [])
                    $0.describe(portal: "")
                    $0.execute(portal: "", result: .copy)
                }
            }
        }
        let described = begin + [.event(.noColumns)]
        try expect(
            described + [copyIn] + completed + described + [
                copyIn, .event(.failed(isFatal: false)), .event(.ready(.idle)),
            ]
                + described + [.event(.copyOut(Backend.formats)), .data("1\n"), .data("2\n"), .event(.copyDone)]
                + completed,
            of: server,
            saying: [copy("COPY numbers FROM STDIN"), copy("COPY numbers FROM STDIN"), copy("COPY numbers TO STDOUT")],
            copies: [
                { session in
                    try session.sendCopyData { $0.raw(Array("1\n2\n".utf8)) }
                    session.sendCopyDone()
                },
                { session in try session.sendCopyData { $0.raw(Array("x\n".utf8)) } },
            ])
    }

    @Test func `replication that the client ends`() throws {
        let server =
            "57000000070000006300000004430000001453544152545f53545245414d494e4700430000001653544152545f5245504c4943"
            + "4154494f4e005a0000000549"
        try expect(
            [
                .copyBoth(CopyFormats(overall: .text, columns: [])), .copyDone, .completed("START_STREAMING"),
                .completed("START_REPLICATION"), .ready(.idle),
            ].map(Heard.event),
            of: server,
            saying: [
                { session in
                    try session.startSimpleQuery("START_REPLICATION 0/1531700 TIMELINE 1", isCopyWelcome: true)
                }
            ],
            copies: [{ session in session.sendCopyDone() }])
    }

    private func expect(
        _ expected: [Heard], of server: String, saying verbs: [RecordedConversation.Verb],
        copies: [RecordedConversation.Verb] = [], at location: SourceLocation = #_sourceLocation
    ) throws {
        let bytes = stride(from: 0, to: server.utf8.count, by: 2).compactMap { offset in
            UInt8(server.dropFirst(offset).prefix(2), radix: 16)
        }
        for parts in ByteSplits.all(of: bytes) {
            var conversation = RecordedConversation(try SessionStage.idle.session(), saying: verbs, copies: copies)
            try conversation.proceed()
            for part in parts { try conversation.receive(part) }
            #expect(conversation.heard == expected, sourceLocation: location)
            #expect(conversation.isIdle == true, sourceLocation: location)
            if conversation.heard != expected { return }
        }
    }
}

extension ExtendedFlight {
    /// Runs an unknown statement whose results are text.
    fileprivate mutating func runText(_ sql: String) {
        parse(sql)
        run(BoundParameters(), resultFormats: [])
    }
}
