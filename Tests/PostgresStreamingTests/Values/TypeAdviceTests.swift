import PostgresStreaming
import PostgresTestSupport
import Testing

/// What errors say to write where a column and a Swift type do not go together.
@Suite(.timeLimit(.minutes(1))) struct TypeAdviceTests {
    private func hint<Value: PostgresDecodable>(_ type: PostgresType, _ value: Value.Type) -> String? {
        failure { () throws(PostgresError) in try decode([0, 0, 0, 1], type, as: Value.self) }?.hint
    }

    @Test func `numbers say which type fits, how to cast and how to convert`() {
        #expect(
            hint(.int8, Int32.self)
                == "Decode into Int, cast the column in SQL (::int4), or convert the value by Exact<Int32> or Rounded<Int32>."
        )
        #expect(
            hint(.numeric, Double.self)
                == """
                Decode into PostgresNumeric, cast the column in SQL (::float8), or convert the value by Exact<Double> or \
                Rounded<Double>.
                """)
        #expect(
            hint(.float8, Int.self)
                == "Decode into Double, cast the column in SQL (::int8), or convert the value by Exact<Int> or Rounded<Int>."
        )
        #expect(hint(.numeric, UInt64.self)?.contains("(::int8)") == true)
    }

    @Test func `other types say which Swift type fits, and a cast where there is one`() {
        #expect(hint(.int4, String.self) == "Decode into Int32, or cast the column in SQL (::text).")
        #expect(hint(.text, Int.self) == "Decode into String, or cast the column in SQL (::int8).")
        #expect(hint(.uuid, Bool.self) == "Decode into PostgresUUID.")
        #expect(hint(.jsonb, Bool.self) == "Decode into PostgresJSON<Bool>, which reads the document.")
        #expect(hint(.int4Array, Int.self) == "Decode into [Int32].")
        #expect(hint(.int4range, Int.self) == "Decode into PostgresRange<Int32>.")
        #expect(hint(.timestamptz, PostgresTimestamp.self)?.contains("AT TIME ZONE") == true)
        #expect(hint(.timestamp, PostgresTimestampTZ.self)?.contains("AT TIME ZONE") == true)
        #expect(hint(.aclitem, Int.self) == "Decode into PostgresRawValue.")
    }

    @Test func `a type that has no name here says how to get it`() {
        let type = PostgresType(rawValue: 16_405)
        let error = failure { () throws(PostgresError) in try decode([0, 0, 0, 1], type, as: Int.self) }
        #expect(error?.message == "cannot decode a type of the database's own (OID 16405) into Int")
        #expect(
            error?.hint
                == """
                Cast the column in SQL, such as ::text, or decode into PostgresRawValue. SELECT 16405::regtype names the type.
                """)
    }

    @Test func `every type that is built in and has a Swift type names it`() {
        for swiftType in SwiftType.all {
            for type in swiftType.accepts where type.isBuiltIn {
                let hint = hint(type, PostgresPoint.self) ?? hint(type, PostgresLine.self) ?? ""
                #expect(hint.contains("Decode into ") && !hint.contains("RawValue"), "\(type): \(hint)")
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a vector says that it can be cast to an array`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let hasVectors = try await connection.query(
            "SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'"
        ).decode(Int.self).only()
        // A stand-in with the same bytes where the extension is missing.
        let error: PostgresError?
        if hasVectors == 1 {
            try await connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
            let row = try await connection.query("SELECT '[1,2,3]'::vector AS v, '[1,2,3]'::vector::float4[] AS a")
                .only()
            #expect(try row["a", as: [Float].self] == [1, 2, 3])
            error = failure { () throws(PostgresError) in try row["v", as: [Float].self] }
        } else {
            let bytes: [UInt8] = [0, 3, 0, 0, 0x3F, 0x80, 0, 0, 0x40, 0, 0, 0, 0x40, 0x40, 0, 0]
            error = failure { () throws(PostgresError) in
                try decode(bytes, PostgresType(rawValue: 16_405), as: [Float].self)
            }
        }
        #expect(error?.code == .typeMismatch)
        #expect(error?.hint?.contains("such as ::float4[]") == true)
    }

    @Test func `a parameter that cannot be sent as its type says what can`() {
        func hint<Value: PostgresEncodable>(_ value: Value, _ type: PostgresType) -> String? {
            failure { () throws(PostgresError) in try encode(value, as: type) }?.hint
        }
        #expect(
            hint(5, .text)
                == "Pass a value of String, or cast the parameter in SQL, as in $1::int8, to have it taken for what it is."
        )
        #expect(
            hint(true, .int4)
                == "Pass a value of Int32, or cast the parameter in SQL, as in $1::bool, to have it taken for what it is."
        )
        #expect(hint(5_000_000_000, .int4) == "Cast the parameter to a wider type in SQL, as in $1::int8.")
        #expect(
            hint([1], .int4)?.hasPrefix("Pass a value of Int32, or cast the parameter in SQL, as in $1::int8[]") == true
        )
    }

    @Test(arguments: LiveServer.allCases)
    func `a prepared statement's refusals have the hint too`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        do throws(PostgresError) {
            _ = try await connection.prepare("SELECT count(*) AS n", parameters: Void.self, rows: (Int32).self)
            Issue.record("prepared")
        } catch {
            #expect(error.message == #"column "n": cannot decode bigint into Int32"#)
            #expect(error.hint?.contains("Exact<Int32>") == true)
        }
    }
}
