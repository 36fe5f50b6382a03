import PostgresTransport
import PostgresWire

/// A portal of the server, or a cursor that it holds, which one stream reads a batch at a time. Between two batches the
/// connection is free for other calls (manual: "Extended Query").
final class Portal: StreamFeed {
    let name: String
    private let number: Int
    private let gate: ConnectionGate
    /// The transaction that it belongs to by a scope; nil for a cursor that is held, and in a block that SQL opened.
    private let scope: (any StatementScope)?
    /// What asks a cursor for its first batch; nil for a portal of the protocol.
    private(set) var cursor: KnownStatement?
    private var size: BatchSize
    /// The columns of its rows; nil before the first batch.
    private var layout: ColumnLayout?
    private let budget = ReceivedBudget(bytesMax: .max)
    private weak var latestPin: PinnedSlab?
    /// The rows of the batch that were not handed out.
    private var received = ReceivedRows()
    private var batch = (rows: 0, bytes: 0)
    /// The rows of all batches so far.
    private var rowCount = 0
    private var isSuspended = false
    private var isOver = false
    private(set) var commandTag: PostgresCommandTag?

    /// - Throws: `queryInvalid` for a batch without rows.
    init(
        _ mode: QueryMode, _ options: StreamOptions, on gate: ConnectionGate, in scope: (any StatementScope)?
    ) throws(PostgresError) {
        size = try BatchSize(mode.batch ?? nil, options)
        number = gate.portals.open()
        name = "ps_p\(number)"
        self.gate = gate
        self.scope = scope
    }

    /// The rest of its rows is not read: the server has not made them yet.
    var isLeftAtOnce: Bool { true }

    /// What runs it for the first time, beside its statement.
    func execution(_ regulator: StreamRegulator) -> PortalExecution {
        PortalExecution(portal: name, rowsMax: size.next(rowLimit: regulator.controller.rowLimit))
    }

    /// From now on it is a cursor, which is asked for rows by statements.
    func becomeCursor(_ regulator: StreamRegulator) -> KnownStatement {
        let statement = fetchStatement(regulator)
        cursor = statement
        return statement
    }

    private func fetchStatement(_ regulator: StreamRegulator) -> KnownStatement {
        let rowsMax = size.next(rowLimit: regulator.controller.rowLimit)
        let statement = KnownStatement(KnownStatement.Key(sql: "FETCH FORWARD \(rowsMax) FROM \(name)", types: []))
        fetchedRowsMax = Int(rowsMax)
        guard let cursor else { return statement }
        statement.resultFormats = cursor.resultFormats
        statement.isDescribed = cursor.isDescribed
        statement.isProven = cursor.isProven
        return statement
    }

    /// How many rows the FETCH under way asks for.
    private var fetchedRowsMax = 0

    // MARK: a batch

    /// Reads the batch that was asked for to its end, after which the connection is free.
    ///
    /// - Parameter first: what came of it already.
    nonisolated(nonsending) func readBatch(
        of layout: ColumnLayout, from driver: ConnectionDriver, _ regulator: StreamRegulator, after first: SessionEvent?
    ) async throws(PostgresError) {
        self.layout = layout
        (isSuspended, batch) = (false, (0, 0))
        regulator.isWithinBatch = true
        defer { regulator.isWithinBatch = false }
        if let first { try take(first, from: driver) }
        let end = try await driver.answers { event throws(PostgresError) in
            try take(event, from: driver)
            return nil as Void?
        }
        if case .ready(let failure?) = end { throw failure }
        size.note(rows: batch.rows, bytes: batch.bytes)
        rowCount += batch.rows
        if cursor != nil { isSuspended = batch.rows >= fetchedRowsMax }
        if !isSuspended {
            countAll()
            close()
        }
    }

    /// The tag counts the rows of the last batch, where it is not that of a command that wrote.
    private func countAll() {
        guard cursor != nil || commandTag?.description.hasPrefix("SELECT ") ?? false else { return }
        commandTag = PostgresCommandTag(CommandTag("SELECT \(rowCount)"))
    }

    private func take(_ event: SessionEvent, from driver: ConnectionDriver) throws(PostgresError) {
        switch event {
        case .columns(let columns) where columns.count != layout?.types.count:
            // The rows would be read by columns that they do not have.
            driver.fail(.columnsChanged)
            throw .columnsChanged
        case .rows(let rows):
            if let running = driver.runner.running, !running.doubtfulColumns.isEmpty { driver.runner.noteProven() }
            batch.rows += rows.count
            batch.bytes += driver.slab.byteCount(ofRows: rows)
            received.append(rows, in: pin(driver.slab))
        case .suspended: isSuspended = true
        case .completed(let tag): commandTag = PostgresCommandTag(tag)
        default: break
        }
    }

    private func pin(_ slab: ReceiveSlab) -> PinnedSlab {
        if let latestPin, latestPin.slab === slab { return latestPin }
        let pin = PinnedSlab(slab, budget)
        latestPin = pin
        return pin
    }

    /// The server need not keep it any longer; it is closed with what is said next.
    private func close() {
        guard !isOver else { return }
        isOver = true
        gate.portals.forget(name)
    }

    // MARK: the stream

    nonisolated(nonsending) func nextRows(
        _ regulator: StreamRegulator
    ) async throws(PostgresError) -> (rows: Range<Int>, slab: ReceiveSlab)? {
        if let rows = received.next() { return rows }
        guard !isOver else { return nil }
        // While it is paused the connection is another call's.
        try await regulator.permitBatch()
        let driver = try await gate.begin(in: scope)
        driver.regulate(by: regulator)
        do throws(PostgresError) {
            try gate.portals.check(number)
            try await readBatch(
                of: try await sayNext(on: driver, regulator), from: driver, regulator, after: nil)
        } catch {
            driver.regulate(by: nil)
            driver.session.isIdle ? gate.finish() : gate.leave(after: regulator.tightestLimit)
            throw error.sqlState == .invalidCursorName ? .portalIsGone : error
        }
        driver.regulate(by: nil)
        gate.finish()
        return received.next()
    }

    /// Asks for the next batch, and returns what its columns are.
    private nonisolated(nonsending) func sayNext(
        on driver: ConnectionDriver, _ regulator: StreamRegulator
    ) async throws(PostgresError) -> ColumnLayout {
        guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
        if let commands = scope?.pending, !commands.isEmpty {
            scope?.noteSent()
            try await driver.run(commands: commands)
        }
        let layout = layout ?? ColumnLayout([])
        if cursor != nil {
            try driver.start(.kept(fetchStatement(regulator), BoundParameters()))
        } else {
            let forgotten = driver.statements.takeForgottenNames()
            var flight = driver.runner.flight(closing: forgotten, after: [])
            let rowsMax = size.next(rowLimit: regulator.controller.rowLimit)
            flight.execute(portal: name, maximumRows: rowsMax, result: .rows(columnCount: layout.types.count))
            try driver.say(flight, closing: forgotten)
        }
        return layout
    }

    func left() {
        received.removeAll()
        close()
    }
}

extension PostgresError {
    fileprivate static var columnsChanged: PostgresError {
        PostgresError(
            .protocolViolation, "the columns of a cursor have changed between two batches", isConnectionUsable: false)
    }
}
