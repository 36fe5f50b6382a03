import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct ParameterDescriptionTests {
    @Test func `a statement may have 65,535 parameters`() throws {
        let body = BackendBytes.int16(-1) + [[UInt8]](repeating: [0, 0, 0, 25], count: 65_535).joined()
        let description = try ParameterDescription(validating: unsafe body.span.bytes)
        #expect(description.typeOIDs == [UInt32](repeating: 25, count: 65_535))
    }
}
