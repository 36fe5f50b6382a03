import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Large objects, in and out.
@Suite(.timeLimit(.minutes(2))) struct LargeObjectTests {
    @Test(arguments: LiveServer.allCases)
    func `bytes are written, read, sought, cut and removed`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let pieces = Pieces(lengths: [300_000, 1, 0, 700_000])
        let id = try await connection.withTransaction { transaction in
            let id = try await transaction.createLargeObject()
            let object = try await transaction.openLargeObject(id, for: .readingAndWriting)
            var told = 0
            #expect(try await object.write(contentsOf: pieces, progress: { told = $0 }) == 1_000_001)
            #expect(told == 1_000_001)
            #expect(try await object.position() == 1_000_001)
            #expect(try await object.read().isEmpty)
            return id
        }
        try await connection.withTransaction { transaction in
            let object = try await transaction.openLargeObject(id)
            #expect(try await object.byteCount() == 1_000_001)
            var bytes: [UInt8] = []
            for try await piece in object.bytes(pieceBytes: 99_999) { bytes += piece }
            #expect(bytes == pieces.bytes)
            try await object.seek(to: 299_999)
            // Other statements run in between.
            #expect(try await transaction.query("SELECT 1").only().decode(Int.self) == 1)
            #expect(try await object.read(upTo: 2) == [Pieces.byte(at: 299_999), Pieces.byte(at: 300_000)])
            try await object.close()
        }
        try await connection.withTransaction { transaction in
            let object = try await transaction.openLargeObject(id, for: .readingAndWriting)
            try await object.truncate(to: 3)
            try await object.seek(to: 5 << 30)
            try await object.write([1])
            #expect(try await object.byteCount() == 5 << 30 | 1)
            try await transaction.removeLargeObject(id)
        }
        let gone = await failure {
            try await connection.withTransaction { transaction in _ = try await transaction.openLargeObject(id) }
        }
        #expect(gone?.sqlState == .undefinedObject)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `what is opened for reading is not written to`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let error = await failure {
            try await connection.withTransaction { transaction in
                let object = try await transaction.openLargeObject(transaction.createLargeObject())
                try await object.write([1])
            }
        }
        #expect(error?.sqlState == .objectNotInPrerequisiteState)
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
        await connection.close()
    }
}
