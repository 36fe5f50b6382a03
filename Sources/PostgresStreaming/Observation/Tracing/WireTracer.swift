import PostgresTransport
import PostgresWire
import Synchronization

/// Writes down what one connection says and hears.
final class WireTracer {
    private let trace: PostgresWireTrace
    private let number = WireTracer.numbers.wrappingAdd(1, ordering: .relaxed).newValue
    private let begun = MonotonicTime.now.nanoseconds
    /// The bytes at the front of the pending output that were written down already.
    private var notedBytes = 0
    /// What is to come of a message that was written down when its front was pending: bytes of a value that is sent in pieces.
    private var bytesToCome = 0
    /// Whether the message without a type, the first, was written down.
    private var hasStarted = false

    private static let numbers = Atomic<Int>(0)

    init(_ trace: PostgresWireTrace) { self.trace = trace }

    // MARK: what is sent

    /// Writes down the messages that were added to the pending output since the last call.
    func willSend(_ pending: RawSpan) {
        var reader = MessageReader(pending.extracting(min(notedBytes, pending.byteCount)...), of: "pending")
        notedBytes = pending.byteCount
        do throws(ProtocolViolation) {
            bytesToCome -= try reader.bytes(min(bytesToCome, reader.remaining)).byteCount
            while reader.remaining > 0 {
                let type = hasStarted ? try reader.uint8() : 0
                let length = Int(try reader.integer(Int32.self))
                hasStarted = true
                if length - 4 > reader.remaining {
                    bytesToCome = length - 4 - reader.rest().byteCount
                    write("F", length, "Bind, with a value in pieces")
                } else {
                    let body = try reader.bytes(length - 4)
                    write("F", length, FrontendLine(type, body, includesSQL: trace.includesSQL).text)
                }
            }
        } catch {
            // Our own words are whole.
        }
    }

    /// The transport took bytes off the front of the pending output.
    func didSend(_ count: Int) { notedBytes = max(notedBytes - count, 0) }

    // MARK: what is received

    /// Writes down a message of the server, also one that does not hold together.
    func received(_ type: UInt8, _ body: RawSpan) {
        do throws(ProtocolViolation) {
            write("B", body.byteCount + 4, try BackendMessage(type: type, body: body).traceText)
        } catch {
            write("B", body.byteCount + 4, "\(Self.shown(type)), which is not understood")
        }
    }

    /// Writes down rows that were framed, or CopyData messages where there is no number of columns.
    func received(_ rows: Range<Int>, of slab: ReceiveSlab, columnCount: Int?) {
        for row in rows {
            guard let columnCount else {
                let count = slab.copyData(at: row).byteCount
                write("B", count + 4, "CopyData \(count) bytes")
                continue
            }
            let cells = slab.cellBytes(ofRow: row)
            write(
                "B", cells.byteCount + 6,
                "DataRow \(Self.columns(columnCount)) (\(Self.lengths(in: cells, columnCount)))")
        }
    }

    /// Writes down the beginning of a row that comes in parts; what follows of it has no line of its own.
    func received(_ part: RowPart, columnCount: Int?) {
        guard case .head(let cells, let valueBytes) = part else { return }
        let value = valueBytes.map { "\($0) bytes" } ?? "NULL"
        write("B", cells.count + 10, "DataRow \(Self.columns(columnCount ?? 0)), in pieces: \(value)")
    }

    /// Writes down a long row that is read only to be dropped.
    func dropped(_ bytes: Int) { write("B", bytes - 1, "row, dropped") }

    private static func columns(_ count: Int) -> String { count == 1 ? "1 column" : "\(count) columns" }

    private static func lengths(in cells: RawSpan, _ count: Int) -> String {
        var reader = MessageReader(cells, of: "DataRow")
        var lengths: [String] = []
        for _ in 0..<min(count, cellsMax) {
            do throws(ProtocolViolation) {
                let length = Int(try reader.integer(Int32.self))
                lengths.append(length < 0 ? "NULL" : "\(length)")
                if length > 0 { _ = try reader.bytes(length) }
            } catch {
                lengths.append("cut off")
                break
            }
        }
        if count > cellsMax { lengths.append("…") }
        return lengths.joined(separator: ", ") + " bytes"
    }

    private static let cellsMax = 100

    private static func shown(_ type: UInt8) -> String {
        (0x21...0x7E).contains(type) ? "type \"\(Character(Unicode.Scalar(type)))\"" : "type \(type)"
    }

    private func write(_ side: String, _ length: Int, _ text: String) {
        let microseconds = (MonotonicTime.now.nanoseconds - begun) / 1000
        let fraction = "\(1_000_000 + microseconds % 1_000_000)".dropFirst()
        trace.write("#\(number) +\(microseconds / 1_000_000).\(fraction) \(side) \(length) \(text)")
    }
}

extension String {
    /// A name as a trace shows it: in quotes, on one line, and not longer than a line has room for.
    var traced: String { String(prefix(64)).debugDescription + (count > 64 ? "…" : "") }
}
