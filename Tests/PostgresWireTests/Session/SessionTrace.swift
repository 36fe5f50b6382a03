import PostgresWire
import Testing

/// Messages and what the session has to make of each.
typealias SessionTrace = [(BackendMessage, SessionOutcome)]

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

    /// What is on its way to the server; afterwards it is sent.
    mutating func takeOutbound() -> [UInt8] {
        let bytes = [UInt8](copying: outbound.pending)
        outbound.markSent(bytes.count)
        return bytes
    }
}
