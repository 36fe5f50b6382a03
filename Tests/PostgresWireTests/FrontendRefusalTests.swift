import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct FrontendRefusalTests {
    @Test func `a string with a NUL is refused in every message, and the buffer stays as it was`() throws {
        let bad = "a\0b"
        try expectRefused(Query(sql: bad), .containsNUL)
        try expectRefused(Parse(statement: bad, sql: ""), .containsNUL)
        try expectRefused(Parse(sql: bad), .containsNUL)
        try expectRefused(Bind(portal: bad, parameters: BoundParameters()), .containsNUL)
        try expectRefused(Bind(statement: bad, parameters: BoundParameters()), .containsNUL)
        try expectRefused(Describe(target: .statement(bad)), .containsNUL)
        try expectRefused(Close(target: .portal(bad)), .containsNUL)
        try expectRefused(Execute(portal: bad), .containsNUL)
        try expectRefused(CopyFail(reason: bad), .containsNUL)
        try expectRefused(PasswordMessage(password: bad), .containsNUL)
        try expectRefused(SASLInitialResponse(mechanism: bad, data: nil), .containsNUL)
        try expectRefused(startup(bad, "x"), .containsNUL)
        try expectRefused(startup("x", bad), .containsNUL)
    }

    @Test func `a startup parameter without a name is refused`() throws {
        try expectRefused(startup("", "x"), .emptyName)
    }

    @Test func `65,535 parameter types are accepted, one more is refused`() throws {
        let most = [UInt32](repeating: 25, count: 65_535)
        let bytes = try FrontendBytes.encode(Parse(sql: "", parameterTypeOIDs: most))
        #expect(Array(bytes[7..<9]) == [0xFF, 0xFF])
        try expectRefused(Parse(sql: "", parameterTypeOIDs: most + [25]), .tooManyParameters)
    }

    private func startup(_ name: String, _ value: String) -> StartupMessage {
        StartupMessage(parameters: [StartupParameter(name: name, value: value)])
    }

    private func expectRefused(
        _ message: some FrontendMessage, _ error: FrontendMessageError, at location: SourceLocation = #_sourceLocation
    ) throws {
        var buffer = FrontendBuffer()
        try buffer.append(Sync())
        let before = [UInt8](copying: buffer.pending)
        #expect(throws: error, sourceLocation: location) { try buffer.append(message) }
        #expect([UInt8](copying: buffer.pending) == before, sourceLocation: location)
    }
}
