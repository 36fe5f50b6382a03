import Glibc
import PostgresWire

/// The driver's loop over slabs and frames, with nothing around it.
enum Framing {
    struct Unexpected: Error {}

    /// Receives and frames all rows up to the message behind them.
    static func frame(columnCount: Int) throws -> Total {
        var buffer = ReceiveBuffer()
        var deframer = Deframer()
        deframer.isAuthenticated = true
        var messageBytes = 0
        var total = Total()
        while true {
            switch deframer.next(in: buffer.slab, columnCount: columnCount) {
            case .rows(let rows): total.add(rows.upperBound, rows: rows.count)
            case .slabFull: buffer.makeRoom(messageBytes: 0)
            case .message: return total
            case .violation: throw Unexpected()
            case .more(let bytes):
                messageBytes = bytes
                buffer.makeRoom(messageBytes: messageBytes)
                let room = buffer.slab.room
                let count = buffer.slab.receive { output in
                    unsafe output.withUnsafeMutableBytes { bytes, initialized in
                        initialized += max(0, unsafe recv(-1, bytes.baseAddress, bytes.count, 0))
                    }
                }
                guard count > 0 else { throw Unexpected() }
                buffer.noteRead(count, room: room)
            }
        }
    }
}
