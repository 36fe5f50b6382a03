import PostgresStreaming
import PostgresWire

/// The data of a COPY, cut into pieces as a network may do. The first byte of the input chooses the options, the second the
/// size of the pieces; what follows is the data. What was read is written and read again.
enum CopyTarget {
    case text
    case csv
    case binary

    func run(_ input: [UInt8]) {
        guard input.count > 2 else { return }
        let choice = Int(input[0])
        let data = Array(input.dropFirst(2))
        let whole = read(data, pieceBytes: data.count, choice)
        let cut = read(data, pieceBytes: Int(input[1]) + 1, choice)
        precondition(whole == cut, "the same bytes say the same, however they are cut")
        guard let whole, !whole.hasFailed, let written = write(whole.records, choice) else { return }
        let again = read(written, pieceBytes: written.count, choice)
        precondition(again?.records == whole.records, "what is written reads as the same records")
    }

    var seeds: [[UInt8]] {
        let data: [String] =
            switch self {
            case .text: ["1\tone\n\\N\t\\\\N\n\\.\n", "a\\n\\x4a\\101\r\nb\r\n", "a|NULL\rb|\\|\r\\.\r", "\\xg\\7\n\n"]
            case .csv: ["1,\"a,\"\"b\"\"\nc\"\n,\"\"\n", "a\r\n\\.\r\nb", "'a\\'b';NULL\n\\\n", "\"a\rb\"\r\r"]
            case .binary: []
            }
        let rows: [UInt8] = [0, 2, 0, 0, 0, 1, 65, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]
        let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 13, 10, 0]
        let binary = [
            signature + [0, 0, 0, 0, 0, 0, 0, 0] + rows, signature + [0, 0, 0, 1, 0, 0, 0, 2, 9, 9] + rows,
        ]
        let all = self == .binary ? binary : data.map { Array($0.utf8) }
        return all.flatMap { seed in (0..<UInt8(4)).map { [$0, 2] + seed } }
    }

    // MARK: reading

    /// What was understood before the data ended or made no sense any more.
    private struct Reading: Equatable {
        var records: [[[UInt8]?]] = []
        var hasFailed = false
    }

    private func read(_ data: [UInt8], pieceBytes: Int, _ choice: Int) -> Reading? {
        let limits = CopyReaderLimits(
            columnCount: choice & 8 == 0 ? nil : 2, recordBytesMax: choice & 16 == 0 ? 1 << 20 : 64)
        switch self {
        case .text:
            return (try? CopyTextReader(Self.textOptions(choice), limits: limits)).map { read(data, pieceBytes, $0) }
        case .csv:
            let reader = try? CopyCSVReader(Self.csvOptions(choice), endsAtMarker: choice & 4 != 0, limits: limits)
            return reader.map { read(data, pieceBytes, $0) }
        case .binary: return read(data, pieceBytes, CopyBinaryReader(limits: limits))
        }
    }

    private func read<Reader: CopyReader>(_ data: [UInt8], _ pieceBytes: Int, _ reader: Reader) -> Reading {
        var reader = reader
        var reading = Reading()
        do throws(PostgresError) {
            var start = 0
            while start < data.count {
                let piece = Array(data[start..<min(data.count, start + pieceBytes)])
                var offset = 0
                while try reader.next(in: piece.rawSpan, at: &offset) == .record { note(reader, &reading) }
                precondition(offset == piece.count)
                start += pieceBytes
            }
            while try reader.finish() == .record { note(reader, &reading) }
        } catch {
            precondition(!error.message.isEmpty)
            reading.hasFailed = true
        }
        return reading
    }

    private func note<Reader: CopyReader>(_ reader: Reader, _ reading: inout Reading) {
        let record = reader.record
        var fields: [[UInt8]?] = []
        for index in 0..<record.count {
            _ = (try? record.string(at: index), try? record.decode(Int?.self, at: index, as: .int8))
            if let bytes = record.bytes(at: index) {
                fields.append([UInt8](copying: bytes))
            } else {
                fields.append(nil)
            }
        }
        reading.records.append(fields)
    }

    // MARK: writing

    /// The records as they would be written; nil where one of them cannot be.
    private func write(_ records: [[[UInt8]?]], _ choice: Int) -> [UInt8]? {
        var data: [UInt8] = []
        do throws(PostgresError) {
            switch self {
            case .text:
                let writer = try CopyTextWriter(Self.textOptions(choice))
                for record in records { try writer.append(record, to: &data) }
            case .csv:
                let writer = try CopyCSVWriter(Self.csvOptions(choice))
                for record in records { try writer.append(record, to: &data) }
            case .binary:
                CopyBinaryWriter.appendHeader(to: &data)
                for record in records { try CopyBinaryWriter.append(record, to: &data) }
                CopyBinaryWriter.appendTrailer(to: &data)
            }
        } catch {
            return nil
        }
        return data
    }

    private static func textOptions(_ choice: Int) -> CopyTextOptions {
        switch choice & 3 {
        case 0: CopyTextOptions()
        case 1: CopyTextOptions(delimiter: "|", null: "NULL")
        case 2: CopyTextOptions(delimiter: ",", null: "")
        default: CopyTextOptions(null: "\\x4a")
        }
    }

    private static func csvOptions(_ choice: Int) -> CopyCSVOptions {
        switch choice & 3 {
        case 0: CopyCSVOptions()
        case 1: CopyCSVOptions(delimiter: ";", null: "NULL", quote: "'", escape: "\\")
        case 2: CopyCSVOptions(delimiter: "\t", null: "\\N")
        default: CopyCSVOptions(escape: "'")
        }
    }
}
