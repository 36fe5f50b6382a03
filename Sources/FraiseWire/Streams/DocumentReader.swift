public import JSONTape
public import PostgresStreaming

/// Makes documents of the rows of one stream; it belongs to the stream's iterator.
@usableFromInline
final class DocumentReader<Document> {
    @usableFromInline var tape: JSONTape
    @usableFromInline let decode: @Sendable (inout JSONTape, RawSpan) throws(JSONError) -> Document
    @usableFromInline let predicates: [@Sendable (Document) -> Bool]
    /// A jsonb has the version of its format in front, one byte.
    @usableFromInline let prefixBytes: Int
    /// The rows so far, the present one included.
    @usableFromInline var rowNumber = 0
    /// The documents of the present chunk that were decoded.
    @usableFromInline var decoded = 0
    @usableFromInline let tally: DocumentTally
    /// The rows that were filtered as far as the metrics have them.
    private var filteredNoted = 0
    private let policy: DocumentErrorPolicy
    private let control: StreamControl
    private let entity: String

    init(_ query: FraiseQuery<Document>, _ rows: RowStream, _ tally: DocumentTally) {
        tape = JSONTape(options: query.decode.options)
        decode = query.decode.decode
        predicates = query.predicates
        prefixBytes = rows.columns.first?.type == .jsonb ? 1 : 0
        policy = query.errorPolicy
        control = rows.control
        entity = query.entity.names.joined(separator: ".")
        self.tally = tally
    }

    /// Returns the document of a row; nil where a predicate or the policy for errors leaves it out.
    @inlinable
    func document(in chunk: RowChunk, at index: Int) throws(PostgresError) -> Document? {
        if index == 0 { return try firstDocument(in: chunk) }
        guard let document = try decoded(in: chunk, at: index) else { return nil }
        return passes(document) ? document : nil
    }

    /// As `document`, and measures how long it takes, for those who look at metrics.
    @usableFromInline
    func firstDocument(in chunk: RowChunk) throws(PostgresError) -> Document? {
        let clock = ContinuousClock()
        let start = clock.now
        guard let document = try decoded(in: chunk, at: 0) else { return nil }
        let end = clock.now
        let time = start.duration(to: end)
        control.noteParseTime(time)
        control.noteDecoded(0, into: Document.self, oneIn: time)
        guard !predicates.isEmpty else { return document }
        let passes = passes(document)
        control.noteFilterTime(end.duration(to: clock.now))
        return passes ? document : nil
    }

    @inlinable
    func decoded(in chunk: RowChunk, at index: Int) throws(PostgresError) -> Document? {
        rowNumber &+= 1
        var cells = chunk.cells(index)
        guard let cell = try cells.nextBytes(), cell.byteCount >= prefixBytes else { return try missing() }
        do throws(JSONError) {
            let document = try decode(&tape, cell.extracting(prefixBytes..<cell.byteCount))
            decoded &+= 1
            return document
        } catch {
            return try malformed(error)
        }
    }

    @inlinable
    func passes(_ document: Document) -> Bool {
        for predicate in predicates where !predicate(document) {
            tally.filtered &+= 1
            return false
        }
        return true
    }

    /// The rows of a chunk have all been seen.
    @usableFromInline
    func chunkEnded() {
        control.noteDecoded(decoded, into: Document.self, oneIn: nil)
        if tally.filtered > filteredNoted { control.noteFiltered(tally.filtered - filteredNoted) }
        (decoded, filteredNoted) = (0, tally.filtered)
    }

    // MARK: rows that are no documents

    @usableFromInline
    @inline(never)
    func missing() throws(PostgresError) -> Document? {
        control.noteMalformedDocument()
        return try leaveOut(
            PostgresError(
                .documentMissing, "row \(rowNumber) of \(entity) has no document: it is NULL",
                hint: "Leave such rows out by .whereSQL(\"data IS NOT NULL\"), or skip them by onDocumentError(.skip).")
        )
    }

    @usableFromInline
    @inline(never)
    func malformed(_ error: JSONError) throws(PostgresError) -> Document? {
        let isJSON = ![JSONErrorCode.syntax, .limitExceeded, .duplicateKey].contains(error.code)
        if !isJSON { control.noteMalformedDocument() }
        let failure = PostgresError(
            isJSON ? .documentMismatch : .documentMalformed,
            "cannot decode row \(rowNumber) of \(entity) into \(Document.self): \(error)")
        control.noteNotDecoded(failure, into: Document.self)
        return try leaveOut(failure)
    }

    private func leaveOut(_ error: PostgresError) throws(PostgresError) -> Document? {
        switch policy {
        case .fail: throw error
        case .skip: break
        case .collect(let max): if tally.errors.count < max { tally.errors.append(error) }
        }
        tally.skipped += 1
        return nil
    }
}
