import PostgresTransport
import PostgresWire

/// What moves messages: the socket, the buffer that is read into, and what cuts the messages out of it.
///
/// What a message means, who asked for it and why the connection ends is the driver's business.
final class MessageChannel {
    let socket: Socket
    /// Counts the receive buffers that live, also those that only kept rows hold.
    let account: SlabAccount
    private let buffer: Owned<ReceiveBuffer>
    private let deframer: Owned<Deframer>
    private let metrics: PostgresMetrics?
    /// Writes the messages down; nil where that was not asked for.
    private let tracer: WireTracer?
    /// The bytes received so far.
    private(set) var receivedBytes = 0
    /// The bytes of `slab` as they were reported.
    private var reportedBufferBytes = 0
    /// The type of the last message, or of the one that breaks the protocol.
    private(set) var lastMessageType: UInt8 = 0
    /// How long the message at the front will be, as far as it is known.
    private var messageBytes = 0
    /// The reads since the last wait.
    private var readsInARow = 0
    /// The kernel refused what was to be sent. The server's reason may still lie unread, so reading goes on.
    private(set) var sendFailure: TransportError?
    /// Up to which length long rows are dropped without being taken into memory; nil where rows are wanted.
    var droppedRowBytesMax: Int?
    /// What is left of a message that is read and dropped.
    private(set) var bytesToDrop = 0
    /// Frames rows in parts; nil where they are framed whole.
    private var values: ValueFraming?

    init(
        _ socket: Socket, limits: MessageLimits, account: SlabAccount, metrics: PostgresMetrics?, tracer: WireTracer?
    ) {
        self.socket = socket
        self.account = account
        self.metrics = metrics
        self.tracer = tracer
        buffer = Owned(ReceiveBuffer(account: account))
        deframer = Owned(Deframer(limits: limits))
    }

    /// Whether each message is written down.
    var isTraced: Bool { tracer != nil }
    /// How long a row may be.
    var rowBytesMax: Int { deframer.value.limits.rowBytesMax }

    deinit { metrics?.streams.receiveBuffers.add(-reportedBufferBytes) }

    /// The slab in which the rows of the last frame lie.
    var slab: ReceiveSlab { buffer.value.slab }

    /// The largest receive buffer that is taken without a single message being larger; nil for the usual one.
    func limitSlabs(to bytes: Int?) { buffer.value.slabBytesMax = bytes ?? ReceiveBuffer.slabBytesMax }

    /// Whether the front of a row is dropped as it comes.
    var isDropping: Bool { bytesToDrop > 0 }

    /// The slab that the next read would take, and what is given back for it; nil where it takes none.
    func slabToTake() -> (bytes: Int, givenBack: Int)? { buffer.value.slabToTake(messageBytes: messageBytes) }

    // MARK: out

    /// Hands to the kernel what is to be sent, as far as it takes it at once.
    func send(_ outbound: inout FrontendBuffer) {
        do throws(TransportError) { try socket.flushOutput() } catch { sendFailure = error }
        guard !outbound.isEmpty else { return }
        tracer?.willSend(outbound.pending)
        while !outbound.isEmpty, sendFailure == nil {
            do throws(TransportError) {
                let count = try socket.write(outbound.pending)
                guard count > 0 else { return }
                outbound.markSent(count)
                tracer?.didSend(count)
                metrics?.connections.sent.add(count)
            } catch {
                sendFailure = error
            }
        }
    }

    // MARK: in

    /// Takes the next frame off the bytes at hand: rows, a message, a violation, or that more bytes are needed.
    ///
    /// - Parameters:
    ///   - columnCount: how many columns the rows of the running query have; nil where no row may come.
    ///   - takesCopyData: whether CopyData messages are taken as rows.
    func next(isAuthenticated: Bool, awaitsGreeting: Bool, columnCount: Int?, takesCopyData: Bool) -> Frame {
        deframer.value.isAuthenticated = isAuthenticated
        deframer.value.awaitsGreeting = awaitsGreeting
        while true {
            let frame = deframer.value.next(in: slab, columnCount: columnCount, takesCopyData: takesCopyData)
            switch frame {
            case .slabFull:
                buffer.value.makeRoom(messageBytes: 0)
                continue
            case .rows(let rows): tracer?.received(rows, of: slab, columnCount: columnCount)
            case .more(let bytes): messageBytes = bytes
            case .violation: lastMessageType = slab.isFramed ? 0 : firstByte
            case .message(let type, let body):
                lastMessageType = type
                tracer?.received(type, slab.bytes(body))
            }
            return frame
        }
    }

    /// Takes the next part of a row off the bytes at hand, where rows come in parts; nil where something else comes.
    func nextPart(columnCount: Int?) -> PartFrame? {
        let frame = values?.next(in: slab, columnCount: columnCount, lengthMax: rowBytesMax)
        switch frame {
        case .more(let bytes)?: messageBytes = bytes
        case .part(let part)?: tracer?.received(part, columnCount: columnCount)
        case .violation?: lastMessageType = UInt8(ascii: "D")
        case nil: break
        }
        return frame
    }

    /// Frames the rows that follow in parts, so that the values of one column can be had in pieces.
    func frameValues(ofColumn column: Int) { values = ValueFraming(column: column) }

    /// Whether rows are framed in parts.
    var framesValues: Bool { values != nil }

    /// Frames the rows that follow whole, and drops what is left of one that was handed out in part.
    func frameWholeRows() {
        guard let left = values?.bytesLeft else { return }
        values = nil
        bytesToDrop = left - slab.drop(left)
        messageBytes = 0
    }

    private var firstByte: UInt8 { slab.bytes(slab.start..<slab.end).byte(at: 0) }

    /// Reads what is there: how many bytes, and whether they filled the room that there was.
    func read() throws(TransportError) -> (count: Int, isFull: Bool) {
        buffer.value.makeRoom(messageBytes: bytesToDrop > 0 ? 0 : messageBytes)
        let room = slab.room
        let count = try slab.receive { output throws(TransportError) in _ = try socket.read(into: &output) }
        guard count > 0 else { return (0, room == 0) }
        receivedBytes += count
        if let metrics { report(count, metrics) }
        if bytesToDrop > 0 {
            bytesToDrop -= slab.drop(bytesToDrop)
        } else {
            buffer.value.noteRead(count, room: room)
        }
        return (count, count == room)
    }

    private func report(_ count: Int, _ metrics: PostgresMetrics) {
        metrics.connections.received.add(count)
        metrics.connections.reads.add()
        guard slab.byteCount != reportedBufferBytes else { return }
        metrics.streams.receiveBuffers.add(slab.byteCount - reportedBufferBytes)
        reportedBufferBytes = slab.byteCount
    }

    /// Whether others are to run, while a server sends faster than we read: the thread may be the loop's. Asked once after
    /// each read.
    var hasReadLong: Bool {
        readsInARow += 1
        guard readsInARow >= Self.readsInARowMax else { return false }
        readsInARow = 0
        return true
    }

    /// 4 MiB from full buffers: a millisecond or two.
    private static let readsInARowMax = 16

    /// Waits until the server has said something, or takes what is to be sent.
    ///
    /// - Parameter hasOutput: whether there is something to be sent that the socket was not given yet.
    @inline(__always)
    nonisolated(nonsending) func wait(
        hasOutput: Bool, until deadline: MonotonicTime?
    ) async throws(TransportError) {
        readsInARow = 0
        if let sendFailure { throw sendFailure }
        // Never only for writing: a server that waits for us to read would not read either.
        let isWriting = hasOutput || socket.hasPendingOutput
        try await socket.wait(for: isWriting ? [.readable, .writable] : .readable, deadline: deadline)
    }

    // MARK: rows that are not wanted

    /// Begins to drop the row at the front, if it is long, so that it takes no memory of its own length.
    ///
    /// - Returns: whether it is longer than what may be dropped.
    func dropLongRow() -> Bool {
        guard let droppedRowBytesMax, messageBytes > Self.droppedWholeBytesMax, !slab.isFramed,
            firstByte == UInt8(ascii: "D") || firstByte == UInt8(ascii: "d")
        else { return false }
        tracer?.dropped(messageBytes)
        bytesToDrop = messageBytes
        bytesToDrop -= slab.drop(messageBytes)
        messageBytes = 0
        return bytesToDrop > droppedRowBytesMax
    }

    private static let droppedWholeBytesMax = 64 << 10
}

extension MessageChannel: CustomReflectable {
    /// Shows nothing, so that no `dump` prints the bytes inside, in which people put values.
    var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
