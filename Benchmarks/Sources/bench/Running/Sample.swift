/// What one run of one client took: the line that it printed.
struct Sample: Sendable, Encodable {
    let values: [String: Int]

    /// Reads `rows=… bytes=… sum=…` and so on; nil for any other text.
    init?(_ line: some StringProtocol) {
        var values: [String: Int] = [:]
        for field in line.split(whereSeparator: \.isWhitespace) {
            let parts = field.split(separator: "=")
            guard parts.count == 2, let value = Int(parts[1]) else { return nil }
            values[String(parts[0])] = value
        }
        guard values["wall_ns"] != nil else { return nil }
        self.values = values
    }

    init(_ values: [String: Int]) { self.values = values }

    /// A field, where the client has it.
    subscript(name: String) -> Double? { values[name].map(Double.init) }
}

/// How one run of one client ended.
enum Outcome: Sendable {
    case sample(Sample)
    case failed(String)
    /// The program or something that it needs is not on this machine.
    case missing(String)

    var sample: Sample? {
        if case .sample(let sample) = self { sample } else { nil }
    }

    /// Why there is no sample.
    var problem: String? {
        switch self {
        case .sample: nil
        case .failed(let reason): "failed: \(reason)"
        case .missing(let reason): reason
        }
    }
}
