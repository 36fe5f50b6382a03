import PostgresTransport
import PostgresWire

extension CopyStatement {
    /// Runs a COPY to the client and returns what reads its data.
    ///
    /// - Parameter columns: the columns of the rows, where the data is tuples of the binary format that are to be rows.
    nonisolated(nonsending) func run(
        _ options: StreamOptions, as columns: ColumnLayout? = nil, on gate: ConnectionGate,
        in scope: (any StatementScope)? = nil
    ) async throws(PostgresError) -> (source: StreamSource, formats: CopyFormats) {
        let asked = MonotonicTime.now.nanoseconds
        let options = gate.completed(options)
        let observed = gate.observation.map {
            QueryObservation($0, sql: sql, name: options.name, options.traits, asked: asked)
        }
        let driver: ConnectionDriver
        do throws(PostgresError) {
            driver = try await gate.begin(in: scope)
        } catch {
            observed?.ended(QueryEnd(error, total: MonotonicTime.now.nanoseconds - asked))
            throw error
        }
        let regulator = driver.makeRegulator(options, observed, asked: asked, within: scope?.time)
        do throws(PostgresError) {
            driver.regulate(by: regulator)
            guard !regulator.isTimeOver else { throw PostgresError(lost: .timedOut) }
            let beginning = try await begin(on: driver, in: scope, for: observed)
            regulator.described()
            return source(of: beginning, columns, on: gate, driver, regulator)
        } catch {
            regulator.end(error.code == .cancelled ? .cancelled : .failed, error)
            driver.regulate(by: nil)
            driver.session.isIdle ? gate.finish() : gate.leave(after: regulator.tightestLimit)
            scope?.note(error)
            throw await gate.settled(error)
        }
    }

    private func source(
        of beginning: CopyBeginning, _ columns: ColumnLayout?, on gate: ConnectionGate, _ driver: ConnectionDriver,
        _ regulator: StreamRegulator
    ) -> (source: StreamSource, formats: CopyFormats) {
        switch beginning {
        case .output(let formats), .input(let formats):
            let tuples = columns.map { CopyContent.tuples(CopyTuples(columnCount: $0.columns.count)) }
            let source = StreamSource(
                gate: gate, number: gate.becomeStream(), layout: columns ?? ColumnLayout([]), regulator: regulator,
                copying: tuples ?? .data)
            return (source, formats)
        case .ended(let tag):
            driver.regulate(by: nil)
            gate.finish()
            let source = StreamSource(ended: gate, regulator: regulator, commandTag: tag.map(PostgresCommandTag.init))
            return (source, CopyFormats(overall: .text, columns: []))
        }
    }
}

extension PostgresCopyStream {
    init(_ copy: (source: StreamSource, formats: CopyFormats)) {
        source = copy.source
        isBinary = copy.formats.overall == .binary
        columnCount = copy.formats.columns.count
    }
}
