import PostgresWire

/// What a server sends, cut into pieces as a network may do. The first byte of the input is the number of columns of
/// the running query, the second the size of the pieces; what follows is the stream.
enum WireTarget {
    static func run(_ input: [UInt8]) {
        guard input.count > 2 else { return }
        // Five stands for no query.
        let columnCount = input[0] % 6 == 5 ? nil : Int(input[0] % 6)
        let stream = Array(input.dropFirst(2))
        let whole = read(stream, pieceBytes: stream.count, columnCount)
        let cut = read(stream, pieceBytes: Int(input[1]) + 1, columnCount)
        precondition(whole == cut, "the same bytes say the same, however they are cut")
    }

    /// How much was understood before the stream ended or made no sense any more.
    private struct Reading: Equatable {
        var messages: [BackendMessage] = []
        var rows = 0
        var cellBytes = 0
        var isViolation = false
    }

    private static func read(_ stream: [UInt8], pieceBytes: Int, _ columnCount: Int?) -> Reading {
        var buffer = ReceiveBuffer()
        var deframer = Deframer()
        deframer.isAuthenticated = true
        var reading = Reading()
        var offset = 0
        while !reading.isViolation {
            switch deframer.next(in: buffer.slab, columnCount: columnCount) {
            case .violation: reading.isViolation = true
            case .slabFull: buffer.makeRoom(messageBytes: 0)
            case .message(let type, let body): note(type, buffer.slab.bytes(body), &reading)
            case .rows(let rows): note(rows, of: buffer.slab, columnCount ?? 0, &reading)
            case .more(let bytes):
                guard offset < stream.count else { return reading }
                // A length alone may not make the buffer grow: what it announces does not come.
                buffer.makeRoom(messageBytes: min(bytes, stream.count + Self.headerBytes))
                let piece = stream[offset..<min(stream.count, offset + pieceBytes, offset + buffer.slab.room)]
                offset += buffer.slab.receive { output in for byte in piece { output.append(byte) } }
            }
        }
        return reading
    }

    private static let headerBytes = 7

    private static func note(_ type: UInt8, _ body: RawSpan, _ reading: inout Reading) {
        do throws(ProtocolViolation) {
            reading.messages.append(try BackendMessage(type: type, body: body))
        } catch {
            reading.isViolation = true
        }
    }

    private static func note(_ rows: Range<Int>, of slab: ReceiveSlab, _ columnCount: Int, _ reading: inout Reading) {
        let types = ColumnTypes([ColumnType](repeating: ColumnType(typeOID: 25, format: .binary), count: columnCount))
        for row in rows where !reading.isViolation {
            var cells = unsafe slab.cells(ofRow: row, types: types)
            do throws(ProtocolViolation) {
                while !cells.isAtEnd { reading.cellBytes += try cells.next()?.byteCount ?? 0 }
                try cells.finish()
                reading.rows += 1
            } catch {
                reading.isViolation = true
            }
        }
        extendLifetime(types)
        extendLifetime(slab)
    }

    /// A stream for each kind of message, and some in a row.
    static var seeds: [[UInt8]] {
        let messages: [[UInt8]] = [
            message("R", [0, 0, 0, 0]), message("R", [0, 0, 0, 5, 1, 2, 3, 4]),
            message("R", [0, 0, 0, 10] + text("SCRAM-SHA-256") + [0]), message("R", [0, 0, 0, 11, 120]),
            message("S", text("server_version") + text("18.1")), message("K", [0, 0, 0, 1, 0, 0, 0, 2]),
            message("v", [0, 3, 0, 0, 0, 0, 0, 1] + text("_pq_.x")), message("Z", text("I").dropLast()),
            message("1"), message("2"), message("3"), message("n"), message("s"), message("I"), message("c"),
            message("t", [0, 1, 0, 0, 0, 23]), message("C", text("SELECT 5")), message("d", [1, 2, 3]),
            message("T", [0, 1] + text("id") + [0, 0, 64, 0, 0, 1, 0, 0, 0, 23, 0, 4, 255, 255, 255, 255, 0, 1]),
            message("D", [0, 2, 0, 0, 0, 1, 65, 255, 255, 255, 255]), message("V", [0, 0, 0, 1, 9]),
            message("G", [0, 0, 1, 0, 0]), message("H", [1, 0, 1, 0, 1]), message("W", [0, 0, 0]),
            message("E", [83] + text("ERROR") + [67] + text("42P01") + [77] + text("no") + [0]),
            message("N", [77] + text("careful") + [0]), message("A", [0, 0, 0, 9] + text("channel") + text("payload")),
        ]
        let answer = messages[18] + messages[19] + messages[19] + messages[16] + messages[7]
        // A request whose length is longer than its code allows: refused by its front alone, which may come in pieces.
        let tooLong: [UInt8] = [UInt8(ascii: "R"), 0, 0, 0, 96, 0, 0, 0, 2, 0]
        return (messages + [answer, tooLong]).map { [2, 3] + $0 } + [[5, 255] + messages.joined()]
    }

    private static func message(_ type: Character, _ body: [UInt8] = []) -> [UInt8] {
        [type.asciiValue ?? 0, 0, 0, 0, UInt8(body.count + 4)] + body
    }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }
}
