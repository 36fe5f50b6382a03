import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct DeframerTests {
    @Test(arguments: BackendMessageSamples.all)
    func `every sample is framed the same however its bytes are cut`(sample: BackendMessageSamples.Sample) {
        for parts in ByteSplits.all(of: sample.bytes) {
            var reader = FrameReader()
            #expect(reader.receive(parts: parts) == [.message(type: sample.type, body: sample.body)])
        }
    }

    @Test func `all samples in a row are framed the same however they are cut`() {
        let samples = BackendMessageSamples.all
        let expected = samples.map { FrameReader.Piece.message(type: $0.type, body: $0.body) }
        for parts in ByteSplits.all(of: samples.flatMap(\.bytes)) {
            var reader = FrameReader()
            #expect(reader.receive(parts: parts) == expected)
        }
    }

    @Test func `a message that is not complete says how long it will be`() {
        let bytes = BackendBytes().message("S", BackendBytes.string("a") + BackendBytes.string("b")).bytes
        var reader = FrameReader()
        for (index, byte) in bytes.enumerated().dropLast() {
            reader.receive([byte])
            #expect(reader.messageBytes == (index + 1 < 5 ? 5 : bytes.count), "after \(index + 1) bytes")
        }
        #expect(reader.pieces.isEmpty)
    }

    @Test func `a row that is not complete says how long it will be`() {
        let bytes = BackendBytes().row([[1, 2, 3]]).bytes
        var reader = FrameReader(columnCount: 1)
        for (index, byte) in bytes.enumerated().dropLast() {
            reader.receive([byte])
            let known = index + 1 < 5 ? 5 : index + 1 < 7 ? 7 : bytes.count
            #expect(reader.messageBytes == known, "after \(index + 1) bytes")
        }
        #expect(reader.pieces.isEmpty)
    }

    @Test func `nothing at all asks for a header`() {
        let slab = ReceiveSlab(capacity: 64)
        guard case .more(bytes: 5) = Deframer().next(in: slab, columnCount: nil) else {
            Issue.record("an empty slab has no frame")
            return
        }
    }

    @Test func `a row where none may come is a violation`() {
        var reader = FrameReader()
        let pieces = reader.receive(parts: [BackendBytes().row([[1]]).bytes])
        #expect(
            pieces == [.violation(ProtocolViolation(.unexpectedMessage, "DataRow message where no row can come"))])
    }

    @Test func `a message of unknown type is refused by its header, whatever its length`() {
        let violation = ProtocolViolation(.unknownMessage, "message of unknown type 0x21")
        for length in [.min, 0, 4, 5, 1 << 30, .max] as [Int32] {
            for parts in ByteSplits.all(of: BackendBytes().message("!", length: length, []).bytes) {
                var reader = FrameReader()
                #expect(reader.receive(parts: parts) == [.violation(violation)])
            }
        }
    }
}
