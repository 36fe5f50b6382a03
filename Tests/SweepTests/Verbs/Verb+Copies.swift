import Glibc
import PostgresStreaming

extension Verb {
    /// COPY in both directions.
    static let copies: [Verb] = outwards + inwards

    /// The rows of `query` as COPY writes them.
    private static let copied: PostgresQuery =
        "COPY (SELECT n::int8, 'row ' || n AS text FROM generate_series(1, 5) AS n) TO STDOUT"
    private static let text = "1\trow 1\n2\trow 2\n3\trow 3\n4\trow 4\n5\trow 5\n"
    private static let written = PostgresCopyTarget.table("written")

    private static func expect(text data: [UInt8]) throws { try expect(String(decoding: data, as: UTF8.self), text) }

    private static func line(_ number: Int64) -> String { "\(number)\n" }

    private static let outwards: [Verb] = [
        Verb(
            "copyOut",
            [
                "PostgresConnection.copyOut(_:mode:options:)", "PostgresCopyStream.collect(bytesMax:)",
                "PostgresCopyStream.AsyncIterator.next()", "PostgresCopyStream.AsyncIterator.next(isolation:)",
                "PostgresCopying.copyOut(_:mode:options:)", "PostgresCopying.copyOut(from:as:options:)",
            ],
            .connection { connection, _ in
                try expect(text: await connection.copyOut(copied).collect())
                try expect(text: await connection.copyOut(copied, mode: .simple).collect())
                var data: [UInt8] = []
                for try await chunk in try await connection.copyOut(from: .query(query)) { chunk.append(to: &data) }
                try expect(text: data)
            }),
        Verb(
            "copyRecords",
            [
                "PostgresCopyStream.forEachRecord(of:columns:limits:_:)",
                "PostgresQuerying.serverCopyProgress(ofProcess:)",
            ],
            .connection { connection, _ in
                var count = 0
                try await connection.copyOut(copied).forEachRecord(of: .text) { _ in count += 1 }
                try expect(count, 5)
                // A process that runs no COPY: the server's first.
                try expect(await connection.serverCopyProgress(ofProcess: 1), nil)
            }),
        Verb(
            "copyRows", ["PostgresConnection.copyRows(from:options:)", "PostgresCopying.copyRows(from:options:)"],
            .connection { connection, _ in
                try expect(
                    await connection.copyRows(from: .query(query)).decode((Int64, String).self).collect())
            }),
        Verb(
            "copyOutOfTransaction",
            ["PostgresTransaction.copyOut(_:mode:options:)", "PostgresTransaction.copyRows(from:options:)"],
            .connection { connection, _ in
                try await connection.withTransaction { transaction async throws in
                    try expect(text: await transaction.copyOut(copied).collect())
                    try expect(
                        await transaction.copyRows(from: .query(query)).decode((Int64, String).self).collect())
                }
            }),
        Verb(
            "copyOutOfPool", ["PostgresClient.copyOut(_:mode:options:)", "PostgresClient.copyRows(from:options:)"],
            .client { client, _ in
                try expect(text: await client.copyOut(copied).collect())
                try expect(await client.copyRows(from: .query(query)).decode((Int64, String).self).collect())
            }),
        Verb(
            "copyToFile",
            ["PostgresCopyStream.write(toFile:progress:)", "PostgresCopyStream.write(toDescriptor:progress:)"],
            .connection { connection, _ in
                try expect(await connection.copyOut(copied).write(toFile: "/dev/null"), text.utf8.count)
                let descriptor = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
                defer { close(descriptor) }
                try expect(await connection.copyOut(copied).write(toDescriptor: descriptor), text.utf8.count)
            }),
    ]

    private static let inwards: [Verb] = [
        Verb(
            "copyIn",
            [
                "PostgresConnection.copyIn(_:mode:options:_:)", "PostgresCopyDataWriter.write(_:)",
                "PostgresCopying.copyIn(_:mode:options:_:)",
            ],
            .statement,
            .connection { connection, number in
                let options = PostgresCopyInput { $0.bufferBytes = 1 }
                let result = try await connection.copyIn("COPY written FROM STDIN", options: options) { writer in
                    try await writer.write(line(number))
                    try await writer.write(Array("\\.\n".utf8))
                }
                try expect(result.rowCount, 1)
            }),
        Verb(
            "copyInSimply", [], .statement,
            .connection { connection, number in
                try await connection.copyIn("COPY written FROM STDIN", mode: .simple) { writer in
                    try await writer.write(line(number))
                }
            }),
        Verb(
            "copyInRows",
            [
                "PostgresCopying.copyIn(into:as:options:_:)", "PostgresCopyWriter.write(_:)",
                "PostgresCopyWriter.write(row:)", "PostgresCopying.copyIn(into:as:from:options:progress:)",
            ],
            .statement,
            .connection { connection, number in
                let result = try await connection.copyIn(into: written) { try await $0.write(number) }
                try expect(result.rowCount, 1)
            }),
        Verb(
            "copyInFromFile",
            [
                "PostgresCopyDataWriter.write(contentsOfFile:progress:)",
                "PostgresCopyDataWriter.write(contentsOfDescriptor:progress:)",
            ],
            .statement,
            .connection { connection, number in
                let descriptor = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
                defer { close(descriptor) }
                try await connection.copyIn("COPY written FROM STDIN") { writer in
                    try await writer.write(line(number))
                    try await writer.write(contentsOfFile: "/dev/null")
                    try await writer.write(contentsOfDescriptor: descriptor)
                }
            }),
        Verb(
            "copyInTransaction", ["PostgresTransaction.copyIn(_:mode:options:_:)"], .transaction,
            .connection { connection, number in
                _ = try await connection.withTransaction { transaction async throws in
                    try await transaction.copyIn("COPY written FROM STDIN") { try await $0.write(line(number)) }
                }
            }),
        Verb(
            "copyInByPool", ["PostgresClient.copyIn(_:mode:options:_:)"], .statement,
            .client { client, number in
                try await client.copyIn("COPY written FROM STDIN") { try await $0.write(line(number)) }
            }),
        Verb(
            "copyAcross", ["PostgresCopying.copy(from:into:on:as:reading:writing:progress:)"], .statement,
            .configuration { configuration, number in
                let source = try await PostgresConnection.connect(configuration)
                let target = try await PostgresConnection.connect(configuration)
                let result = try await source.copy(
                    from: .query("SELECT \(unsafeSQL: "\(number)")::int8"), into: written, on: target)
                try expect(result.rowCount, 1)
            }),
    ]
}
