import FraiseWire
import JSONTape
import PostgresStreaming
import PostgresTestSupport
import Testing

/// Every operator runs on real servers, on members, on members of members, on other JSON columns and on columns.
@Suite(.timeLimit(.minutes(2))) struct OperatorTests {
    private struct Thing: JSONDecodable {
        let id: Int

        init(json: borrowing JSONView) throws(JSONError) {
            var members = try json.members()
            id = try members.decode("id")
        }
    }

    private func ids(
        _ fixture: FraiseFixture, _ condition: FraiseCondition, of entity: String = "fraise.v_thing"
    ) async throws -> [Int] {
        var ids: [Int] = []
        for try await thing in try await fixture.client.query(entity, as: Thing.self).where(condition)
            .orderBy(.column("id")).execute()
        {
            ids.append(thing.id)
        }
        return ids
    }

    @Test(arguments: LiveServer.allCases, OperatorCase.all)
    func `an operator finds the row that it is true of and no other`(
        version: LiveServer, operation: OperatorCase
    ) async throws {
        let fixture = try await FraiseFixture.shared(version)
        switch operation.need {
        case .nothing: break
        case .vectors where !fixture.hasVectors, .trees where !fixture.hasTrees: return
        case .vectors, .trees: break
        }
        let member = operation.member
        var fields: [(String, FraiseField)] = [
            ("field", .field(member)), ("path", .path("inner", member)),
            ("json", .json(column: "meta", "deep", member)),
        ]
        if member == "words" { fields = [] }
        if operation.worksOnColumns { fields.append(("column", .column(member))) }
        for (name, field) in fields {
            #expect(try await ids(fixture, operation.condition(field)) == [1], "\(name)")
            let others = try await ids(fixture, !operation.condition(field))
            #expect(others.contains(2) && !others.contains(1), "not, on \(name): \(others)")
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `missing and null are no values`(version: LiveServer) async throws {
        let fixture = try await FraiseFixture.shared(version)
        for field in [FraiseField.field("name"), .path("inner", "name"), .column("name"), .field("nowhere")] {
            let expected = field == .field("nowhere") ? [1, 2, 3] : [3]
            #expect(try await ids(fixture, field.isNull()) == expected)
        }
        #expect(try await ids(fixture, .field("name").isIn([String]())) == [])
        #expect(try await ids(fixture, .column("id").isNotIn([Int]())) == [1, 2, 3])
    }

    @Test(arguments: LiveServer.allCases)
    func `conditions are put together as Swift reads them`(version: LiveServer) async throws {
        let fixture = try await FraiseFixture.shared(version)
        #expect(try await ids(fixture, .field("id") == 1 || .field("id") == 2 && .field("name") == "bob") == [1, 2])
        #expect(try await ids(fixture, (.field("id") == 1 || .field("id") == 2) && .field("name") == "bob") == [2])
        #expect(try await ids(fixture, !(.field("id") == 1)) == [2, 3])
        #expect(try await ids(fixture, .all([])) == [1, 2, 3])
        #expect(try await ids(fixture, .any([])) == [])
        let low = 1
        #expect(try await ids(fixture, .sql("id = \(low) OR true") && .field("id") == 2) == [2], "parentheses")
    }

    @Test(arguments: [
        ("127.0.0.1", "isLoopback"), ("::1", "isLoopback"), ("224.0.0.9", "isMulticast"), ("ff02::1", "isMulticast"),
        ("169.254.3.4", "isLinkLocal"), ("fe80::1", "isLinkLocal"), ("192.0.2.7", "isDocumentationAddress"),
        ("2001:db8::7", "isDocumentationAddress"), ("100.64.1.1", "isCarrierGradeAddress"),
        ("192.168.1.1", "isPrivateAddress"), ("fd00::1", "isPrivateAddress"),
    ])
    func `addresses are of the kind that they are`(address: String, kind: String) async throws {
        let fixture = try await FraiseFixture.shared(.postgres15)
        let field = FraiseField.field("address")
        let kinds = [
            "isLoopback": field.isLoopback, "isMulticast": field.isMulticast, "isLinkLocal": field.isLinkLocal,
            "isDocumentationAddress": field.isDocumentationAddress,
            "isCarrierGradeAddress": field.isCarrierGradeAddress,
            "isPrivateAddress": field.isPrivateAddress,
        ]
        let connection = try await LiveServer.postgres15.connect()
        let view = "v_address_\(UInt32.random(in: 0 ... .max))"
        try await connection.execute(
            """
            CREATE VIEW fraise.\(identifier: view) AS
            SELECT jsonb_build_object('id', 1, 'address', \(unsafeSQL: "'\(address)'::text")) AS data, 1 AS id
            """)
        for (name, condition) in kinds {
            #expect(try await ids(fixture, condition, of: "fraise.\(view)") == (name == kind ? [1] : []), "\(name)")
        }
        await connection.close()
    }
}
