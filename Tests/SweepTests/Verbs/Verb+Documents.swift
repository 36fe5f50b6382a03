import FraiseWire
import Glibc
import PostgresStreaming

extension Verb {
    /// FraiseWire's streams of documents.
    static let documents: [Verb] = [
        Verb(
            "documents",
            [
                "FraiseClient.connect(_:pool:)", "FraiseClient.close()", "FraiseQuery.execute()",
                "FraiseStream.AsyncIterator.next()", "FraiseStream.AsyncIterator.next(isolation:)",
                "FraiseStream.collect(documentsMax:)", "FraiseStream.first()",
            ],
            .configuration { configuration, _ in
                let client = try await FraiseClient.connect(configuration, pool: Session.pool)
                do {
                    try await stream(from: client)
                } catch {
                    await client.close()
                    throw error
                }
                await client.close()
            }),
        Verb(
            "documentsAsLines",
            [
                "FraiseQuery.export(toFile:progress:)", "FraiseQuery.export(toDescriptor:progress:)",
                "FraiseClient.importDocuments(fromFile:into:column:progress:)",
                "FraiseClient.importDocuments(fromDescriptor:into:column:progress:)",
            ],
            .configuration { configuration, _ in
                let client = try await FraiseClient.connect(configuration, pool: Session.pool)
                let descriptor = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
                defer { close(descriptor) }
                do {
                    let query = try client.query("v_document", as: Document.self)
                    try expect(await query.export(toFile: "/dev/null").rowCount, 5)
                    try expect(await query.export(toDescriptor: descriptor).rowCount, 5)
                    let table = PostgresIdentifier("imported")
                    try expect(await client.importDocuments(fromFile: "/dev/null", into: table), 0)
                    try expect(await client.importDocuments(fromDescriptor: descriptor, into: table), 0)
                } catch {
                    await client.close()
                    throw error
                }
                await client.close()
            }),
    ]

    private static func stream(from client: FraiseClient) async throws {
        let query = try client.query("v_document", as: Document.self)
        var iterator = try await query.execute().makeAsyncIterator()
        var numbers: [Int] = []
        if let document = try await iterator.next() { numbers.append(document.n) }
        while let document = try await iterator.next(isolation: #isolation) { numbers.append(document.n) }
        try expect(numbers, Array(1...5))
        try expect(await query.execute().collect().map(\.n), Array(1...5))
        try expect(await query.execute().first()?.n, 1)
    }

    private struct Document: Decodable, Sendable {
        let n: Int
    }
}
