import PostgresTestSupport
import PostgresWire
import Testing

/// Golden bytes: what each message looks like on the wire, written out by hand.
@Suite struct FrontendMessageTests {
    @Test func `messages without fields are a type and a length`() throws {
        #expect(try FrontendBytes.encode(Sync()) == bytes("S\0\0\0\u{4}"))
        #expect(try FrontendBytes.encode(Flush()) == bytes("H\0\0\0\u{4}"))
        #expect(try FrontendBytes.encode(Terminate()) == bytes("X\0\0\0\u{4}"))
        #expect(try FrontendBytes.encode(CopyDone()) == bytes("c\0\0\0\u{4}"))
    }

    @Test func `a query is its text`() throws {
        #expect(try FrontendBytes.encode(Query(sql: "SELECT 1")) == bytes("Q\0\0\0\u{D}SELECT 1\0"))
    }

    @Test func `a parse names the statement, its text and its types`() throws {
        let message = Parse(statement: "s", sql: "SELECT $1", parameterTypeOIDs: [23, 0x0102_0304])
        #expect(
            try FrontendBytes.encode(message)
                == bytes("P\0\0\0\u{1A}s\0SELECT $1\0\0\u{2}\0\0\0\u{17}\u{1}\u{2}\u{3}\u{4}"))
        #expect(try FrontendBytes.encode(Parse(sql: "")) == bytes("P\0\0\0\u{8}\0\0\0\0"))
    }

    @Test func `a bind with alike parameters sends one format`() throws {
        var parameters = BoundParameters()
        parameters.append(type: 23, format: .binary) { $0 += [0, 0, 0, 7] }
        parameters.appendNull(type: 23)
        let message = Bind(portal: "p", statement: "s", parameters: parameters, resultFormats: [.binary])
        #expect(
            try FrontendBytes.encode(message)
                == bytes("B\0\0\0\u{1E}p\0s\0\0\u{1}\0\u{1}\0\u{2}\0\0\0\u{4}\0\0\0\u{7}")
                + [0xFF, 0xFF, 0xFF, 0xFF] + bytes("\0\u{1}\0\u{1}"))
    }

    @Test func `a bind with different parameters sends every format`() throws {
        var parameters = BoundParameters()
        parameters.append(type: 0, format: .text) { $0 += Array("ab".utf8) }
        parameters.append(type: 17, format: .binary) { _ in }
        let message = Bind(parameters: parameters, resultFormats: [.text, .binary])
        #expect(
            try FrontendBytes.encode(message)
                == bytes("B\0\0\0\u{1E}\0\0\0\u{2}\0\0\0\u{1}\0\u{2}\0\0\0\u{2}ab\0\0\0\0\0\u{2}\0\0\0\u{1}"))
    }

    @Test func `a bind may have neither parameters nor result formats`() throws {
        #expect(
            try FrontendBytes.encode(Bind(parameters: BoundParameters())) == bytes("B\0\0\0\u{C}\0\0\0\0\0\0\0\0"))
    }

    @Test func `statements and portals are described and closed by name`() throws {
        #expect(try FrontendBytes.encode(Describe(target: .statement("s"))) == bytes("D\0\0\0\u{7}Ss\0"))
        #expect(try FrontendBytes.encode(Describe(target: .portal(""))) == bytes("D\0\0\0\u{6}P\0"))
        #expect(try FrontendBytes.encode(Close(target: .statement(""))) == bytes("C\0\0\0\u{6}S\0"))
        #expect(try FrontendBytes.encode(Close(target: .portal("p"))) == bytes("C\0\0\0\u{7}Pp\0"))
    }

    @Test func `an execute has a row limit, 0 by default`() throws {
        #expect(try FrontendBytes.encode(Execute()) == bytes("E\0\0\0\u{9}\0\0\0\0\0"))
        #expect(
            try FrontendBytes.encode(Execute(portal: "p", maximumRows: 258))
                == bytes("E\0\0\0\u{A}p\0\0\0\u{1}\u{2}"))
    }

    @Test func `a function call has arguments like a bind and one result format`() throws {
        var arguments = BoundParameters()
        arguments.append(type: 25, format: .text) { $0 += Array("a".utf8) }
        let message = FunctionCall(functionOID: 1598, arguments: arguments, resultFormat: .binary)
        #expect(
            try FrontendBytes.encode(message)
                == bytes("F\0\0\0\u{15}\0\0\u{6}\u{3E}\0\u{1}\0\0\0\u{1}\0\0\0\u{1}a\0\u{1}"))
    }

    @Test func `copied data is sent as it is`() throws {
        #expect(try FrontendBytes.encode(CopyData(bytes: [0, 255])) == bytes("d\0\0\0\u{6}") + [0, 255])
        #expect(try FrontendBytes.encode(CopyData(bytes: [])) == bytes("d\0\0\0\u{4}"))
        #expect(try FrontendBytes.encode(CopyFail(reason: "no")) == bytes("f\0\0\0\u{7}no\0"))
    }

    @Test func `passwords and tokens share a type byte`() throws {
        #expect(try FrontendBytes.encode(PasswordMessage(password: "pw")) == bytes("p\0\0\0\u{7}pw\0"))
        #expect(try FrontendBytes.encode(GSSResponse(token: [1, 0])) == bytes("p\0\0\0\u{6}\u{1}\0"))
        #expect(try FrontendBytes.encode(SASLResponse(data: [2])) == bytes("p\0\0\0\u{5}\u{2}"))
    }

    @Test func `a SASL mechanism may have no first data, which is not empty data`() throws {
        #expect(
            try FrontendBytes.encode(SASLInitialResponse(mechanism: "M", data: Array("n,,".utf8)))
                == bytes("p\0\0\0\u{D}M\0\0\0\0\u{3}n,,"))
        #expect(
            try FrontendBytes.encode(SASLInitialResponse(mechanism: "M", data: [])) == bytes("p\0\0\0\u{A}M\0\0\0\0\0"))
        #expect(
            try FrontendBytes.encode(SASLInitialResponse(mechanism: "M", data: nil))
                == bytes("p\0\0\0\u{A}M\0") + [0xFF, 0xFF, 0xFF, 0xFF])
    }

    @Test func `a startup keeps its parameters in order`() throws {
        let message = StartupMessage(parameters: [
            StartupParameter(name: "user", value: "me"), StartupParameter(name: "a", value: ""),
        ])
        #expect(try FrontendBytes.encode(message) == bytes("\0\0\0\u{14}\0\u{3}\0\0user\0me\0a\0\0\0"))
        let newer = StartupMessage(protocolVersion: ProtocolVersion(major: 3, minor: 2), parameters: [])
        #expect(try FrontendBytes.encode(newer) == bytes("\0\0\0\u{9}\0\u{3}\0\u{2}\0"))
    }

    @Test func `requests before the startup have a code for a version`() throws {
        #expect(try FrontendBytes.encode(SSLRequest()) == bytes("\0\0\0\u{8}") + [0x04, 0xD2, 0x16, 0x2F])
        #expect(try FrontendBytes.encode(GSSENCRequest()) == bytes("\0\0\0\u{8}") + [0x04, 0xD2, 0x16, 0x30])
        #expect(
            try FrontendBytes.encode(CancelRequest(processID: 258, secretKey: [9, 8, 7, 6]))
                == bytes("\0\0\0\u{10}") + [0x04, 0xD2, 0x16, 0x2E, 0, 0, 1, 2, 9, 8, 7, 6])
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}
