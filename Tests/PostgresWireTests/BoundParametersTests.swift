import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct BoundParametersTests {
    @Test func `a cell is a length and its bytes, and NULL is the length -1`() {
        var parameters = BoundParameters()
        parameters.append(type: 23, format: .binary) { $0 += [1, 2] }
        parameters.appendNull(type: 25)
        parameters.append(type: 25, format: .text) { _ in }
        #expect(parameters.count == 3)
        #expect(parameters.typeOIDs == [23, 25, 25])
        #expect(parameters.formats == [.binary, .binary, .text])
        #expect(parameters.cells == [0, 0, 0, 2, 1, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0])
    }

    @Test func `a NULL takes the format of its neighbour`() {
        var parameters = BoundParameters()
        parameters.append(type: 25, format: .text) { $0 += [1] }
        parameters.appendNull(type: 25)
        #expect(parameters.formats == [.text, .text])
    }

    @Test func `lists are joined end to end`() {
        var first = BoundParameters()
        first.append(type: 23, format: .binary) { $0 += [1] }
        var second = BoundParameters()
        second.append(type: 25, format: .text) { $0 += [2] }
        first.append(contentsOf: second)
        first.append(contentsOf: BoundParameters())
        #expect(first.typeOIDs == [23, 25] && first.formats == [.binary, .text])
        #expect(first.cells == [0, 0, 0, 1, 1, 0, 0, 0, 1, 2])
    }

    @Test func `65,535 parameters are accepted`() throws {
        let bytes = try FrontendBytes.encode(Bind(parameters: nulls(65_535)))
        #expect(bytes.count == 1 + 4 + 2 + 4 + 2 + 65_535 * 4 + 2)
        #expect(Array(bytes[11..<13]) == [0xFF, 0xFF])
    }

    @Test func `65,536 parameters are refused`() {
        let many = nulls(65_536)
        #expect(many.failure == .tooManyParameters)
        #expect(throws: FrontendMessageError.tooManyParameters) { try FrontendBytes.encode(Bind(parameters: many)) }
        #expect(throws: FrontendMessageError.tooManyParameters) {
            try FrontendBytes.encode(FunctionCall(functionOID: 1, arguments: many, resultFormat: .text))
        }
    }

    @Test func `joined lists that are too long together are refused`() {
        var parameters = nulls(40_000)
        parameters.append(contentsOf: nulls(25_535))
        #expect(parameters.failure == nil && parameters.count == 65_535)
        parameters.append(contentsOf: nulls(1))
        #expect(parameters.failure == .tooManyParameters)
    }

    @Test func `a failure travels with the list and is never forgotten`() {
        var parameters = BoundParameters()
        parameters.append(contentsOf: nulls(65_536))
        parameters.appendNull(type: 25)
        #expect(throws: FrontendMessageError.tooManyParameters) {
            try FrontendBytes.encode(Bind(parameters: parameters))
        }
    }

    private func nulls(_ count: Int) -> BoundParameters {
        var parameters = BoundParameters()
        for _ in 0..<count { parameters.appendNull(type: 25) }
        return parameters
    }
}
