public import PostgresWire

/// The rows of a COPY that were encoded and not sent.
@usableFromInline
final class CopyRowBuffer {
    let run: CopyInRun
    @usableFromInline let row: Owned<CopyRow>
    /// Whether the trailer was written.
    private var hasEnded = false
    /// Whether a row was begun whose value is being sent: nothing else may come between its bytes.
    var isWithinValue = false

    init(_ run: CopyInRun, _ row: consuming CopyRow) {
        self.run = run
        self.row = Owned(row)
    }

    /// The bytes of data that were sent so far.
    @usableFromInline var sentBytes: Int { run.sentBytes }

    /// Encodes a row.
    ///
    /// - Returns: whether enough has gathered to be sent.
    @inlinable
    func append<Row: RowEncodable>(_ value: Row) throws(PostgresError) -> Bool {
        try begin()
        do throws(PostgresError) {
            try value.encode(into: &row.value)
        } catch {
            throw failed(error)
        }
        return try end()
    }

    @usableFromInline
    func begin() throws(PostgresError) {
        try checkNoValue()
        row.value.beginRow()
    }

    /// Throws where no row may begin and the data may not end.
    func checkNoValue() throws(PostgresError) {
        try run.checkOpen()
        guard !isWithinValue else {
            throw PostgresError(.connectionBusy, "a value of the COPY is being sent by another call")
        }
    }

    @usableFromInline
    func failed(_ error: PostgresError) -> PostgresError { row.value.failed(error) }

    @usableFromInline
    func end() throws(PostgresError) -> Bool {
        try row.value.endRow()
        return row.value.encodedByteCount >= run.bufferBytes
    }

    /// Writes the trailer, once.
    func appendTrailer() {
        if !hasEnded { row.value.appendTrailer() }
        hasEnded = true
    }

    /// Sends what was encoded.
    @usableFromInline
    nonisolated(nonsending) func send() async throws(PostgresError) {
        try run.say(row.value.encoded)
        row.value.removeEncoded()
        try await run.exchange()
    }
}
