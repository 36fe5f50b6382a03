import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct ParameterStatusTests {
    @Test func `a parameter status holds a name and a value`() throws {
        let body = BackendBytes.string("client_encoding") + BackendBytes.string("UTF8")
        let status = try ParameterStatus(validating: unsafe body.span.bytes)
        #expect(status.name == "client_encoding")
        #expect(status.value == "UTF8")
    }

    @Test func `every shortened parameter status is a violation`() {
        let body = BackendBytes.string("a") + BackendBytes.string("b")
        for count in 0..<body.count {
            let short = Array(body[..<count])
            #expect(throws: ProtocolViolation.self) { try ParameterStatus(validating: unsafe short.span.bytes) }
        }
    }
}
