import PostgresWire

/// Plays the driver without a socket: receives bytes into slabs, frames them and copies out what they hold.
///
/// It knows how many columns a row has as the session does: from the last RowDescription, until the command is over.
package struct FrameReader: ~Copyable {
    /// What the frames held, the same however the bytes were cut: runs are taken apart into rows.
    package enum Piece: Hashable, Sendable {
        case message(type: UInt8, body: [UInt8])
        case row([[UInt8]?])
        case violation(ProtocolViolation)
    }

    /// Rows as a consumer holds them: they keep their slab.
    package struct Chunk: Sendable {
        package let slab: ReceiveSlab
        package let rows: Range<Int>
        package let types: ColumnTypes
    }

    /// Where the bytes are received.
    package private(set) var buffer = ReceiveBuffer()
    /// What frames them.
    package var deframer: Deframer
    /// Whether chunks are held for good, as by a consumer who collects.
    package let keepsChunks: Bool
    /// The chunks held so far.
    package private(set) var chunks: [Chunk] = []
    /// The number of rows of each run so far.
    package private(set) var runs: [Int] = []
    /// Everything read so far.
    package private(set) var pieces: [Piece] = []
    /// How often the table of rows was full.
    package private(set) var slabsFull = 0
    /// How long the message at the front will be, as far as that is known.
    package private(set) var messageBytes = 0
    private var types: ColumnTypes?
    private var isBroken = false

    /// Creates a reader for a server that has proven itself; nil columns where no row may come yet.
    package init(
        columnCount: Int? = nil, limits: MessageLimits = MessageLimits(), isAuthenticated: Bool = true,
        awaitsGreeting: Bool = false, slabBytesMax: Int = 256 << 10, keepsChunks: Bool = false
    ) {
        buffer = ReceiveBuffer(slabBytesMax: slabBytesMax)
        deframer = Deframer(limits: limits)
        deframer.isAuthenticated = isAuthenticated
        deframer.awaitsGreeting = awaitsGreeting
        self.keepsChunks = keepsChunks
        types = columnCount.map(Self.types)
    }

    /// Takes in the bytes as one or, where the slab has less room, several reads; nothing after a violation.
    package mutating func receive(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty, !isBroken {
            buffer.makeRoom(messageBytes: messageBytes)
            let room = buffer.slab.room
            let part = rest.prefix(room)
            let count = buffer.slab.receive { output in
                for byte in part { output.append(byte) }
            }
            rest = rest.dropFirst(count)
            buffer.noteRead(count, room: room)
            takeFrames()
        }
    }

    /// Takes in the parts one after the other and returns everything read so far.
    package mutating func receive(parts: [[UInt8]]) -> [Piece] {
        for part in parts { receive(part) }
        return pieces
    }

    private mutating func takeFrames() {
        while !isBroken {
            switch deframer.next(in: buffer.slab, columnCount: types?.count) {
            case .message(let type, let body):
                take(type, [UInt8](copying: buffer.slab.bytes(body)))
            case .rows(let rows):
                take(rows)
            case .slabFull:
                slabsFull += 1
                buffer.makeRoom(messageBytes: 0)
            case .more(let bytes):
                messageBytes = bytes
                return
            case .violation(let violation):
                end(violation)
            }
        }
    }

    private mutating func take(_ type: UInt8, _ body: [UInt8]) {
        pieces.append(.message(type: type, body: body))
        switch type {
        case UInt8(ascii: "T") where body.count >= 2: types = Self.types(Int(body[0]) << 8 | Int(body[1]))
        case UInt8(ascii: "C"), UInt8(ascii: "E"): types = nil
        default: break
        }
    }

    private mutating func take(_ rows: Range<Int>) {
        guard let types else { return end(ProtocolViolation(.unexpectedMessage, "rows without a description")) }
        runs.append(rows.count)
        let chunk = Chunk(slab: buffer.slab, rows: rows, types: types)
        do throws(ProtocolViolation) {
            for cells in try chunk.cells() { pieces.append(.row(cells)) }
        } catch {
            end(error)
        }
        if keepsChunks { chunks.append(chunk) }
    }

    private mutating func end(_ violation: ProtocolViolation) {
        pieces.append(.violation(violation))
        isBroken = true
    }

    private static func types(_ count: Int) -> ColumnTypes {
        ColumnTypes(Array(repeating: ColumnType(typeOID: 17, format: .binary), count: count))
    }
}

extension FrameReader.Chunk {
    /// Copies out every cell of every row.
    package func cells() throws(ProtocolViolation) -> [[[UInt8]?]] {
        var copied: [[[UInt8]?]] = []
        for index in rows {
            // The chunk keeps the slab and the types beyond the last use of the cells.
            var cells = unsafe slab.cells(ofRow: index, types: types)
            copied.append(try [[UInt8]?](copying: &cells))
        }
        return copied
    }
}

extension [[UInt8]?] {
    /// Creates an array with copies of the cells that are left, which have to end where the row does.
    package init(copying cells: inout RowCells) throws(ProtocolViolation) {
        self = []
        while !cells.isAtEnd {
            if let cell = try cells.next() { append([UInt8](copying: cell)) } else { append(nil) }
        }
        try cells.finish()
    }
}
