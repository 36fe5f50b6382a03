import PostgresStreaming

// Vectors of the extension pgvector; a member of a document may be an array of numbers. In an order by the same distance
// the server can use an index.
extension FraiseField {
    /// How far two vectors are from each other.
    public enum VectorDistance: String, CaseIterable, Hashable, Sendable {
        /// The length of the line between them.
        case euclidean = "<->"
        /// One minus the cosine of the angle between them.
        case cosine = "<=>"
        /// The sum of the differences.
        case taxicab = "<+>"
    }

    /// How far two strings of bits are from each other.
    public enum BitDistance: String, CaseIterable, Hashable, Sendable {
        /// The number of bits that differ.
        case hamming = "<~>"
        /// The part of the set bits that only one of them has.
        case jaccard = "<%>"
    }

    /// Whether the vector is nearer to another than a distance.
    public func isNear(_ vector: [Float], _ distance: VectorDistance, below limit: Double) -> FraiseCondition {
        FraiseCondition { "\(self.distance(distance, to: vector, $0)) < \(limit)" }
    }

    /// Whether the inner product with another vector is greater.
    public func innerProduct(with vector: [Float], above limit: Double) -> FraiseCondition {
        // The operator gives the negative one.
        FraiseCondition {
            "-(\(cast(to: "vector", $0)) <#> \(vector.vectorText)::text::vector) > \(limit)"
        }
    }

    /// Whether the bits, written as zeros and ones, are nearer to others than a distance.
    public func isNear(bits: String, _ distance: BitDistance, below limit: Double) -> FraiseCondition {
        FraiseCondition {
            "\(cast(to: "varbit", $0)) \(unsafeSQL: distance.rawValue) \(bits)::text::varbit < \(limit)"
        }
    }

    func distance(_ distance: VectorDistance, to vector: [Float], _ context: FraiseContext) -> PostgresQuery {
        "(\(cast(to: "vector", context)) \(unsafeSQL: distance.rawValue) \(vector.vectorText)::text::vector)"
    }
}

extension [Float] {
    fileprivate var vectorText: String { "[" + map(\.description).joined(separator: ",") + "]" }
}
