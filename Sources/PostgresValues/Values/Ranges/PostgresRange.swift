/// A range: values between two bounds, each of which may belong to it or not, or be missing.
///
/// A range over integers or days comes from the server with the lower bound included and the upper one not, however it
/// was written. Two ranges are equal here where they are written alike.
public struct PostgresRange<Bound> {
    /// Where a range begins or ends.
    public enum Limit {
        /// Nowhere: there is no bound.
        case unbounded
        /// At a value that belongs to the range.
        case inclusive(Bound)
        /// At a value that does not belong to the range.
        case exclusive(Bound)

        /// The value, where there is one.
        public var value: Bound? {
            switch self {
            case .unbounded: nil
            case .inclusive(let value), .exclusive(let value): value
            }
        }
    }

    /// Where it begins; `unbounded` for an empty range.
    public let lower: Limit
    /// Where it ends; `unbounded` for an empty range.
    public let upper: Limit
    /// Whether no value belongs to it.
    public let isEmpty: Bool

    /// Creates a range that is not empty. The server wants the lower bound not to be greater than the upper one.
    public init(lower: Limit, upper: Limit) {
        self.lower = lower
        self.upper = upper
        isEmpty = false
    }

    private init() {
        lower = .unbounded
        upper = .unbounded
        isEmpty = true
    }

    /// Whether it begins or ends anywhere.
    var hasBound: Bool { lower.value != nil || upper.value != nil }

    /// The range to which no value belongs.
    public static var empty: PostgresRange { PostgresRange() }
}

extension PostgresRange.Limit: Equatable where Bound: Equatable {}
extension PostgresRange.Limit: Hashable where Bound: Hashable {}
extension PostgresRange.Limit: Sendable where Bound: Sendable {}
extension PostgresRange: Equatable where Bound: Equatable {}
extension PostgresRange: Hashable where Bound: Hashable {}
extension PostgresRange: Sendable where Bound: Sendable {}

extension PostgresRange where Bound: Comparable {
    /// Creates the range of a Swift range; empty where that is.
    public init(_ range: Range<Bound>) {
        self =
            range.isEmpty
            ? .empty : PostgresRange(lower: .inclusive(range.lowerBound), upper: .exclusive(range.upperBound))
    }

    /// Creates the range of a Swift range.
    public init(_ range: ClosedRange<Bound>) {
        self.init(lower: .inclusive(range.lowerBound), upper: .inclusive(range.upperBound))
    }

    /// Whether a value belongs to it.
    public func contains(_ value: Bound) -> Bool {
        guard !isEmpty else { return false }
        let isAbove =
            switch lower {
            case .unbounded: true
            case .inclusive(let bound): value >= bound
            case .exclusive(let bound): value > bound
            }
        return switch upper {
        case .unbounded: isAbove
        case .inclusive(let bound): isAbove && value <= bound
        case .exclusive(let bound): isAbove && value < bound
        }
    }
}
