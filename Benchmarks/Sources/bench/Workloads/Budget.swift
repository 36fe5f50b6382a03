/// A limit of the design, as a ratio to a yardstick in the same run, or absolute.
struct Budget: Sendable {
    enum Yardstick: Sendable {
        /// Times the same figure of that client.
        case times(Client)
        /// As many units above that client.
        case above(Client)
        case absolute
    }

    let figure: Figure
    /// Whose figure it is.
    let own: Client
    let limit: Double
    let yardstick: Yardstick
    /// At least, and not at most.
    var isLowerLimit = false
    /// Under which circumstances it holds.
    var remark = ""

    /// The limit in words.
    var text: String { limitText + remark }

    private var limitText: String {
        let sign = isLowerLimit ? "≥" : "≤"
        switch yardstick {
        case .times(let client): return "\(figure.name) \(sign) \(limit.rounded(2)) × \(client.name)"
        case .above(let client): return "\(figure.name) \(sign) \(limit.rounded(2)) \(figure.unit) over \(client.name)"
        case .absolute: return "\(figure.name) \(sign) \(limit.rounded(2)) \(figure.unit)"
        }
    }

    /// What was measured, in the terms of the limit; nil where a client is missing.
    func measured(_ result: ComparisonResult) -> Double? {
        guard let value = result.figures(of: own).map(figure.value) ?? nil else { return nil }
        switch yardstick {
        case .absolute: return value
        case .times(let client): return result.figures(of: client).flatMap(figure.value).map { value / $0 }
        case .above(let client): return result.figures(of: client).flatMap(figure.value).map { value - $0 }
        }
    }

    func isMet(_ measured: Double) -> Bool { isLowerLimit ? measured >= limit : measured <= limit }
}
