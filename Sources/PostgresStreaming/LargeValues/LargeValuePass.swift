import PostgresWire

/// The one pass over rows that come in parts: knows where in a row it stands.
final class LargeValuePass {
    private let pass: StreamPass
    private let pieces: RowPieces
    private let layouts: (leading: ColumnLayout, trailing: ColumnLayout)
    /// Whether each value has a byte in front of it that is the version of its form, as `jsonb` has.
    private let hasVersion: Bool
    /// The number of the row that it stands at, from 1; 0 before the first.
    private var rowNumber = 0
    /// Whether that row goes on.
    private var isWithinRow = false
    /// The columns after the value, once they are there.
    private var trailing: Row?
    /// Whether the version of the present value is still to come.
    private var awaitsVersion = false

    init(_ pass: StreamPass, of source: StreamSource, column: Int) {
        self.pass = pass
        pieces = source.pieces ?? RowPieces()
        let layout = source.layout
        layouts = (
            ColumnLayout(layout, columns: 0..<column),
            ColumnLayout(layout, columns: column + 1..<layout.columns.count)
        )
        hasVersion = layout.columns[column].type == .jsonb && layout.types[column].format == .binary
    }

    /// Reads past what is left of the row, and to the next one; nil at the end of the result.
    func nextRow(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> PostgresLargeRow? {
        try await finishRow(isolation: actor)
        guard let (part, slab) = try await nextPart(isolation: actor) else { return nil }
        guard case .head(let cells, let valueBytes) = part else { throw pass.failed(.partsOutOfOrder, rowsLeft: 0) }
        rowNumber += 1
        (isWithinRow, trailing, awaitsVersion) = (true, nil, hasVersion)
        let leading = row(of: cells, in: slab, layouts.leading)
        let value = valueBytes.map { bytes in
            PostgresLargeValue(self, rowNumber: rowNumber, byteCount: hasVersion ? max(bytes - 1, 0) : bytes)
        }
        return PostgresLargeRow(self, number: rowNumber, leading: leading, value: value)
    }

    /// Returns the next piece of the value; nil at its end.
    func nextPiece(
        ofRow number: Int, isolation actor: isolated (any Actor)?
    ) async throws(PostgresError) -> PostgresBytes? {
        try check(number)
        while isWithinRow, let (part, slab) = try await nextPart(isolation: actor) {
            switch part {
            case .value(let range):
                let bytes = PostgresBytes(range, of: slab)
                guard awaitsVersion else { return bytes }
                awaitsVersion = false
                if let rest = bytes.droppingFirst(1) { return rest }
            case .tail(let cells): end(with: row(of: cells, in: slab, layouts.trailing))
            case .head: throw pass.failed(.partsOutOfOrder, rowsLeft: 0)
            }
        }
        return nil
    }

    /// Returns the columns after the value.
    nonisolated(nonsending) func trailing(ofRow number: Int) async throws(PostgresError) -> Row {
        try check(number)
        try await finishRow(isolation: #isolation)
        guard let trailing else { throw .partsOutOfOrder }
        return trailing
    }

    private func finishRow(isolation actor: isolated (any Actor)?) async throws(PostgresError) {
        while isWithinRow, try await nextPiece(ofRow: rowNumber, isolation: actor) != nil {}
    }

    private func end(with trailing: Row) {
        isWithinRow = false
        self.trailing = trailing
    }

    private func check(_ number: Int) throws(PostgresError) {
        guard number == rowNumber else {
            throw PostgresError(
                .invalidState, "the next row was asked for, and this one was left",
                hint: "Read a row's value and its columns before the next row.")
        }
    }

    private func nextPart(
        isolation actor: isolated (any Actor)?
    ) async throws(PostgresError) -> (part: RowPart, slab: ReceiveSlab)? {
        do throws(PostgresError) {
            guard let chunk = try await pass.nextChunk(isolation: actor), let part = pieces.handedOut.take() else {
                isWithinRow = false
                return nil
            }
            return (part, chunk.slab)
        } catch {
            isWithinRow = false
            throw error
        }
    }

    private func row(of cells: Range<Int>, in slab: ReceiveSlab, _ layout: ColumnLayout) -> Row {
        let copy = slab.detached(cells: cells, count: layout.columns.count)
        return RowChunk(slab: copy, layout: layout, rows: 0..<1, firstRowNumber: rowNumber)[0]
    }
}

extension PostgresError {
    fileprivate static var partsOutOfOrder: PostgresError {
        PostgresError(.invalidState, "the row was left before its end")
    }
}
