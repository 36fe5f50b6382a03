import PostgresStreaming

/// The behaviours as a table: a line for each state, with how many there are and what may come of them.
enum BehaviourTable {
    static var lines: [String] {
        let behaviours = Group.allCases.flatMap(\.behaviours)
        return ["| state | behaviours | what the call may come to |", "|---|---|---|"]
            + ProtocolState.allCases.map { state in
                let own = behaviours.filter { $0.state == state }
                return "| \(state.rawValue) | \(own.count) | \(outcomes(own)) |"
            }
    }

    private static func outcomes(_ behaviours: [Behaviour]) -> String {
        let codes = Set(behaviours.flatMap(\.expected.codes).map(\.description)).sorted().map { "`\($0)`" }
        let succeeds = behaviours.contains { $0.expected.maySucceed }
        return ((succeeds ? ["success"] : []) + codes).joined(separator: ", ")
    }
}

extension Expectation {
    /// The errors that may come of it, those of a next call included.
    var codes: [Code] {
        switch self {
        case .honest, .rows: []
        case .rowsThen(let codes), .fails(let codes), .failsUsable(let codes), .either(let codes): codes
        }
    }

    /// Whether the call may succeed.
    var maySucceed: Bool {
        switch self {
        case .honest, .rows, .rowsThen, .either: true
        case .fails, .failsUsable: false
        }
    }
}
