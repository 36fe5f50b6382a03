import PostgresWire
import Testing

/// Messages and what the session has to make of each.
typealias SessionTrace = [(BackendMessage, SessionOutcome)]

/// The answers to flights that are said often.
enum Answers {
    /// A known statement that returns rows of two columns is bound and run.
    static let rows: SessionTrace = [(Backend.bound, .bound), (Backend.completes("SELECT 1"), .completed("SELECT 1"))]
    /// A command such as BEGIN.
    static let command: SessionTrace = [
        (Backend.parsed, .parsed), (Backend.bound, .bound), (Backend.completes("DONE"), .completed("DONE")),
    ]
    static let ready: SessionTrace = [(Backend.ready, .ready(.idle))]
    static let error: SessionTrace = [(Backend.error, .failed(isFatal: false))]
}

extension ExtendedFlight {
    /// Binds and runs a known statement that returns rows of two columns.
    mutating func runKnown() { run(statement: "kept", BoundParameters(), result: .rows(columnCount: 2)) }
}

extension SessionStateMachine {
    /// Feeds the trace to the session and compares what comes of it, message by message.
    mutating func follow(_ trace: SessionTrace, at location: SourceLocation = #_sourceLocation) {
        for (index, (message, expected)) in trace.enumerated() {
            let outcome = SessionOutcome(of: message, in: &self)
            #expect(outcome == expected, "message \(index), \(message.name)", sourceLocation: location)
        }
    }

    /// Runs one statement that nothing is known of, in one flight.
    mutating func startExtendedQuery(_ sql: String, parameters: BoundParameters) throws(FrontendMessageError) {
        var flight = ExtendedFlight()
        flight.parse(sql, parameterTypeOIDs: parameters.typeOIDs)
        flight.run(parameters)
        try start(flight)
    }

    /// Says a flight, and returns the number of the Sync that its events belong to.
    @discardableResult
    mutating func say(andSync: Bool = true, _ say: (inout ExtendedFlight) -> Void) throws(FrontendMessageError) -> Int {
        var flight = ExtendedFlight()
        say(&flight)
        let number = syncsSaid
        try start(flight, andSync: andSync)
        return number
    }

    /// What is on its way to the server; afterwards it is sent.
    mutating func takeOutbound() -> [UInt8] {
        let bytes = [UInt8](copying: outbound.pending)
        outbound.markSent(bytes.count)
        return bytes
    }
}
