import PostgresStreaming
import PostgresTestSupport
import Testing

/// Values of types that users and extensions define, of which a connection knows a number and nothing else.
@Suite(.timeLimit(.minutes(1))) struct OwnTypeTests {
    private enum Mood: String, PostgresDecodable, Decodable {
        case sad, open, happy = "very \"happy\""
    }

    /// Takes any text.
    private struct Label: RawRepresentable, PostgresDecodable, Decodable, Equatable {
        let rawValue: String
    }

    private struct Visit: PostgresRecordDecodable {
        let number, grade: Int32
        let email: String

        init(fields: inout PostgresRecordFields) throws(PostgresError) {
            number = try fields.next()
            grade = try fields.next()
            email = try fields.next()
        }
    }

    /// Says what its domain is over.
    private struct Grade: PostgresDecodable, Equatable {
        let value: Int32

        init(_ value: Int32) { self.value = value }

        init(cell: borrowing PostgresCell) throws(PostgresError) {
            value = try Int32(cell: cell.reinterpreted(as: .int4))
        }
    }

    /// Runs a query in every way there is and hands over the row that it returns each time: as it comes first and again,
    /// prepared, in a transaction, and as text.
    private func run(
        _ query: PostgresQuery, on server: LiveServer, _ check: (Row, QueryMode) throws -> Void
    ) async throws {
        try await OwnTypes.withEveryConnection(server) { connection in
            for _ in 1...3 { try check(try await connection.query(query).only(), .extended) }
            try check(try await connection.query(query, mode: .simple).only(), .simple)
        }
        let connection = try await OwnTypes.connect(server)
        try await connection.withTransaction { transaction in
            _ = try await transaction.query("SELECT 1").only()
            for _ in 1...2 { try check(try await transaction.query(query).only(), .extended) }
        }
        let prepared = try await connection.prepare(query, parameters: Void.self)
        try check(try await prepared.query().only(), .extended)
    }

    @Test(arguments: LiveServer.allCases)
    func `an enum is its label, alone, in arrays and in records`(server: LiveServer) async throws {
        let query: PostgresQuery =
            """
            SELECT 'open'::mood, 'very "happy"'::mood, 'sad'::mood, ARRAY['sad', NULL, 'very "happy"']::mood[],
            ARRAY['open']::mood[], '{}'::mood[], ROW('a', 'open', NULL)::place
            """
        try await run(query, on: server) { row, _ in
            let (mood, label, text, moods, labels, none, place) = try row.decode(
                (Mood, Label, String, [Mood?], [Label], [String], PostgresRecord).self)
            #expect(mood == .open && label.rawValue == "very \"happy\"" && text == "sad")
            #expect(moods == [.sad, nil, .happy] && labels == [Label(rawValue: "open")] && none.isEmpty)
            #expect(try place.fields[1]?.decode(Mood.self) == .open)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `what is no text in binary is never read as one`(server: LiveServer) async throws {
        let scalars = ["'Top.Science'::ltree", "'a=>1'::hstore", "''::hstore", "ROW('x', 'sad', 'a.b')::place"]
        let arrays = ["ARRAY['open']::mood[]", "ARRAY['Top.Science']::ltree[]", "ARRAY['a=>1']::hstore[]"]
        for value in scalars + arrays {
            try await run(PostgresQuery(unsafeSQL: "SELECT \(value)"), on: server) { row, mode in
                for error in [
                    failure { () throws(PostgresError) in try row.decode(Label.self) },
                    failure { () throws(PostgresError) in try row.decode(Mood.self) },
                    failure { () throws(PostgresError) in try row.decode(String.self) },
                    failure { () throws(PostgresError) in try row.decode([UInt8].self) },
                ] {
                    #expect(mode == .simple || error?.code == .typeMismatch, "\(value)")
                }
                guard value.hasSuffix("[]"), !value.hasSuffix("mood[]") else { return }
                let error = failure { () throws(PostgresError) in try row.decode([Label].self) }
                #expect(mode == .simple || error?.code == .typeMismatch, "\(value)")
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `citext is text whatever stands beside it`(server: LiveServer) async throws {
        for neighbour in ["1", "'1 .. 2'::seg", "'a=>1'::hstore", "'sad'::mood", "acldefault('r', 10)"] {
            let query = PostgresQuery(
                unsafeSQL: "SELECT 'Ärger\n'::citext, ARRAY['A', 'b']::citext[], ''::citext, \(neighbour)")
            try await run(query, on: server) { row, _ in
                let text = try row.decode(column: 0, as: String.self)
                let list = try row.decode(column: 1, as: [String].self)
                let nothing = try row.decode(column: 2, as: String.self)
                #expect(text == "Ärger\n" && list == ["A", "b"] && nothing.isEmpty)
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a column is decoded alike beside one without a binary form`(server: LiveServer) async throws {
        let query: PostgresQuery = "SELECT '1 .. 2'::seg, 'a=>1'::hstore, ROW(1, 2, 'x')::visit, 'sad'::mood, 3::int4"
        try await run(query, on: server) { row, mode in
            #expect(try row.decode(column: 0, as: String.self) == "1 .. 2")
            let error = failure { () throws(PostgresError) in try row.decode(column: 1, as: String.self) }
            #expect(mode == .simple || error?.code == .typeMismatch)
            let record = try row.decode(column: 2, as: PostgresRecord.self)
            #expect(try record.fields[0]?.decode(Int32.self) == 1)
            #expect(mode == .simple || record.fields[0]?.type == .int4)
            #expect(try row.decode(column: 3, as: Mood.self) == .sad)
            #expect(try row.decode(column: 4, as: Int32.self) == 3)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `domains over text are text within arrays and records`(server: LiveServer) async throws {
        let query: PostgresQuery = "SELECT ARRAY['a@b', NULL]::email[], ROW(1, NULL, 'a@b')::visit"
        try await run(query, on: server) { row, _ in
            #expect(try row.decode(column: 0, as: [String?].self) == ["a@b", nil])
            let visit = try row.decode(column: 1, as: PostgresRecord.self)
            #expect(try visit.fields[2]?.decode(String.self) == "a@b")
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `what the text form leaves open is read as the Swift type's own`(server: LiveServer) async throws {
        let connection = try await OwnTypes.connect(server)
        let query: PostgresQuery =
            "SELECT ARRAY[1, NULL]::grade[], ROW(1, 2, 'a@b')::visit, ARRAY[ROW(1, 2, 'a@b')::visit], '{}'::grade[]"
        let row = try await connection.query(query, mode: .simple).only()
        #expect(try row.decode(column: 0, as: [Int32?].self) == [1, nil])
        #expect(try row.decode(column: 0, as: [Int?].self) == [1, nil])
        #expect(try row.decode(column: 1, as: Visit.self).grade == 2)
        #expect(try row.decode(column: 2, as: [Visit].self).map(\.email) == ["a@b"])
        #expect(try row.decode(column: 3, as: [Int32].self) == [])
        let error = failure { () throws(PostgresError) in try row.decode(column: 0, as: [Bool?].self) }
        #expect(error?.code == .valueMalformed)
    }

    @Test(arguments: LiveServer.allCases)
    func `a Swift type may say what its domain is over`(server: LiveServer) async throws {
        let query: PostgresQuery = "SELECT ARRAY[1, NULL, 3]::grade[], ROW(1, 2, 'a@b')::visit, 4::grade"
        try await run(query, on: server) { row, _ in
            let grades = try row.decode(column: 0, as: [Grade?].self)
            let visit = try row.decode(column: 1, as: PostgresRecord.self)
            #expect(grades == [Grade(1), nil, Grade(3)])
            #expect(try visit.fields[1]?.decode(Grade.self) == Grade(2))
            #expect(try row.decode(column: 2, as: Grade.self) == Grade(4))
        }
    }

    /// The base type of a domain is known to the catalogue alone; a number that is merely as long could be any.
    @Test(arguments: LiveServer.allCases)
    func `domains over numbers within arrays are refused in binary, and a cast helps`(server: LiveServer) async throws {
        let connection = try await OwnTypes.connect(server)
        let row = try await connection.query("SELECT ARRAY[1, 2]::grade[], ARRAY[1, 2]::grade[]::int4[]").only()
        let error = failure { () throws(PostgresError) in try row.decode(column: 0, as: [Int32].self) }
        #expect(error?.code == .typeMismatch)
        #expect(try row.decode(column: 1, as: [Int32].self) == [1, 2])
    }

    @Test(arguments: LiveServer.allCases)
    func `a member of a Decodable row is the label of an enum, and no other bytes`(server: LiveServer) async throws {
        struct Person: Decodable, Sendable {
            let mood: Mood
            let label: Label
            let word: String
        }
        struct Tree: Decodable, Sendable { let path: Label }
        let connection = try await OwnTypes.connect(server)
        for _ in 1...2 {
            let person = try await connection.query(
                "SELECT 'sad'::mood AS mood, 'open'::mood AS label, 'x'::citext AS word"
            )
            .decode(Person.self).first()
            #expect(person?.mood == .sad && person?.label.rawValue == "open" && person?.word == "x")
            let error = await failure {
                _ = try await connection.query("SELECT 'a.b'::ltree AS path").decode(Tree.self).first()
            }
            #expect(error?.code == .typeMismatch)
        }
    }
}
