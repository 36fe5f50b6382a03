import PostgresStreaming
import PostgresTestSupport
import Testing

/// Values as text, from a server that may write anything.
@Suite(.timeLimit(.minutes(1))) struct TextValueTests {
    /// The outcome of decoding `text` as a text-format cell of the type.
    private func decode<Value: PostgresDecodable & Sendable>(
        _ text: String, typeOID: Int32, as type: Value.Type
    ) async throws -> Result<Value, PostgresError> {
        let column =
            BackendBytes.string("n") + BackendBytes.int32(0) + BackendBytes.int16(0)
            + BackendBytes.int32(typeOID) + BackendBytes.int16(-1) + BackendBytes.int32(-1) + BackendBytes.int16(0)
        let answer = BackendBytes().message("T", BackendBytes.int16(1) + column).row([Array(text.utf8)])
            .complete("SELECT 1").ready().bytes
        return try await ScriptedServer.run(.welcome + [.expect("Q"), .send(answer), .expectEnd]) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let row = try #require(try await connection.query("SELECT n", mode: .simple).first())
            return Result { () throws(PostgresError) in try row.decode(Value.self) }
        }
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("7", 7), ("-7", -7), ("2147483647", Int32.max), ("-2147483648", Int32.min),
        ("0000000000000007", 7),
    ])
    func `integers are read as Postgres writes them`(text: String, value: Int32) async throws {
        #expect(try await decode(text, typeOID: 23, as: Int32.self).get() == value)
    }

    @Test(arguments: [
        "", "-", "+7", "--7", "7-", " 7", "7 ", "0x7", "7.0", "2147483648", "-2147483649", "99999999999999999999",
        "\u{FF17}",
    ])
    func `what is no integer is refused`(text: String) async throws {
        guard case .failure(let error) = try await decode(text, typeOID: 23, as: Int32.self) else {
            Issue.record("\(text) was read")
            return
        }
        #expect(error.code == .valueMalformed)
        #expect(error.isConnectionUsable)
    }

    @Test(arguments: ["", "nan", "inf", "1e999", "0x1p3", "1,5"])
    func `what is no float is refused`(text: String) async throws {
        guard case .failure(let error) = try await decode(text, typeOID: 701, as: Double.self) else {
            Issue.record("\(text) was read")
            return
        }
        #expect(error.code == .valueMalformed)
    }

    @Test(arguments: ["\\x0", "\\x0g", "\\", "a\\1", "\\08", "\\400", "a\\b"])
    func `what is no bytea is refused`(text: String) async throws {
        guard case .failure(let error) = try await decode(text, typeOID: 17, as: [UInt8].self) else {
            Issue.record("\(text) was read")
            return
        }
        #expect(error.code == .valueMalformed)
    }
}
