import PostgresStreaming
import ProcessUsage

/// One value that is longer than memory should be, in pieces, in both directions.
struct HugeValue {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    /// Reads the values of the column `value` of a query's rows.
    @concurrent
    func out() async throws -> String {
        let connection = try await PostgresConnection.connect(arguments.url)
        let start = ProcessUsage.now
        var total = Total()
        let rows = try await connection.query(
            PostgresQuery(unsafeSQL: arguments.sql), streaming: "value", options: arguments.options)
        for try await row in rows {
            guard let value = row.value else { continue }
            for try await piece in value {
                if total.bytes == 0 { total.noteFirst() }
                total.bytes += piece.count
            }
            total.rows += 1
        }
        return total.line(since: start)
    }

    /// Sends `operations` bytes as one parameter, and has the server say how many came.
    @concurrent
    func into() async throws -> String {
        let connection = try await PostgresConnection.connect(arguments.url)
        let start = ProcessUsage.now
        var total = Total()
        let rows = try await connection.query(
            "SELECT octet_length(\(streamed: .bytea))::int8", sending: RepeatedPiece(byteCount: arguments.operations),
            byteCount: arguments.operations, options: arguments.options)
        total.bytes = try await rows.only().decode(Int.self)
        total.rows = 1
        return total.line(since: start)
    }
}

/// So many bytes, in pieces that are all alike.
private struct RepeatedPiece: AsyncSequence {
    typealias Element = [UInt8]

    let byteCount: Int

    struct AsyncIterator: AsyncIteratorProtocol {
        private let piece = [UInt8](repeating: 0x61, count: 256 << 10)
        var left: Int

        init(left: Int) { self.left = left }

        mutating func next() async -> [UInt8]? {
            guard left > 0 else { return nil }
            defer { left -= Swift.min(left, piece.count) }
            return left >= piece.count ? piece : Array(piece.prefix(left))
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(left: byteCount) }
}
