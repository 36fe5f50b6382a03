import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct DataRowTests {
    private let body =
        BackendBytes.int16(3) + BackendBytes.int32(2) + [7, 8] + BackendBytes.int32(-1) + BackendBytes.int32(0)

    @Test func `a row holds values, NULLs and empty values`() throws {
        #expect(try DataRow(validating: unsafe body.span.bytes).cells == [[7, 8], nil, []])
    }

    @Test func `a row may have no cells`() throws {
        let body = BackendBytes.int16(0)
        #expect(try DataRow(validating: unsafe body.span.bytes).cells.isEmpty)
    }

    @Test func `the cells take up the row exactly`() {
        for wrong in (0..<body.count).map({ Array(body[..<$0]) }) + [body + [0]] {
            #expect(throws: ProtocolViolation.self) { try DataRow(validating: unsafe wrong.span.bytes) }
        }
    }
}
