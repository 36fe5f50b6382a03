import PostgresWire

extension PostgresCopyWriter {
    /// Writes a row one value of which is sent in pieces while they come, into a column of `bytea` or of text.
    ///
    /// ```swift
    /// let file = try PostgresFile(reading: "photo.jpg")
    /// try await connection.copyIn(into: .table("photo", columns: ["name", "image"])) { writer in
    ///     try await writer.write(["first"], sending: file, byteCount: file.byteCount)
    /// }
    /// ```
    ///
    /// Memory stays at a piece and a few buffers. The length is sent first, so a row that was begun has to be ended: where the
    /// source throws, ends early or is longer, or a value after it does not fit its column, the whole COPY fails, whatever the
    /// closure goes on to do. The connection stays usable.
    ///
    /// - Parameters:
    ///   - leading: the values of the columns before it.
    ///   - source: the pieces, cut anywhere; of text, its UTF-8.
    ///   - byteCount: how many bytes there are in all.
    ///   - trailing: the values of the columns after it.
    /// - Throws: what `source` throws; `parameterInvalid` where it has another length, or for another type of column; `unsupported`
    ///   for a format other than binary; otherwise as for values.
    public nonisolated(nonsending) func write<Source: AsyncSequence>(
        _ leading: [(any PostgresEncodable)?], sending source: Source, byteCount: Int,
        _ trailing: [(any PostgresEncodable)?] = []
    ) async throws where Source.Element == [UInt8] {
        try rows.begin()
        do throws(PostgresError) {
            for value in leading { try append(value) }
            try rows.row.value.beginStreamedValue(byteCount: byteCount)
        } catch {
            throw rows.failed(error)
        }
        do {
            try await rows.send()
            rows.row.value.continueRow()
            rows.isWithinValue = true
            defer { rows.isWithinValue = false }
            try await send(source, byteCount: byteCount)
            do throws(PostgresError) {
                for value in trailing { try append(value) }
            } catch {
                throw rows.failed(error)
            }
            if try rows.end() { try await rows.send() }
        } catch {
            rows.run.giveUp(error as? PostgresError ?? .rowLeft)
            throw error
        }
    }

    private func append(_ value: (any PostgresEncodable)?) throws(PostgresError) {
        guard let value else { return try rows.row.value.writeNull() }
        try rows.row.value.write(value)
    }

    private nonisolated(nonsending) func send<Source: AsyncSequence>(
        _ source: Source, byteCount: Int
    ) async throws where Source.Element == [UInt8] {
        var left = byteCount
        var iterator = source.makeAsyncIterator()
        while let piece = try await iterator.next(isolation: #isolation) {
            guard piece.count <= left else { throw PostgresError.wrongLength(of: byteCount, "is longer") }
            left -= piece.count
            for start in stride(from: 0, to: piece.count, by: Self.sentBytesMax) {
                try rows.run.say(Array(piece[start..<min(start + Self.sentBytesMax, piece.count)]))
                try await rows.run.exchange()
            }
        }
        guard left == 0 else { throw PostgresError.wrongLength(of: byteCount, "ended after \(byteCount - left)") }
    }

    private static var sentBytesMax: Int { 256 << 10 }
}

extension PostgresError {
    fileprivate static var rowLeft: PostgresError {
        PostgresError(.invalidState, "the COPY has failed: a row was left while a value of it was being sent")
    }

    fileprivate static func wrongLength(of byteCount: Int, _ what: String) -> PostgresError {
        PostgresError(.parameterInvalid, "the value that is sent was to have \(byteCount) bytes and \(what)")
    }
}
