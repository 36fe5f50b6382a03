import PostgresStreaming
import PostgresWire

/// A parameter of a statement whose types are asked about.
package struct SampleParameter: Sendable {
    /// The object ID of the type that its value comes in.
    package let oid: UInt32
    private let isInferable: Bool
    private let isNull: Bool

    /// Creates a parameter, whose type is certain unless said otherwise.
    package init(_ oid: UInt32, isInferable: Bool = false, isNull: Bool = false) {
        self.oid = oid
        self.isInferable = isInferable
        self.isNull = isNull
    }

    /// Returns what is asked about a statement with these parameters.
    package static func typing(
        _ parameters: [SampleParameter], casts: Set<Int> = [], narrow: [Int: UInt32] = [:], refused: [UInt32]? = nil
    ) -> ParameterTyping {
        let types = parameters.map { ParameterType($0.oid, isInferable: $0.isInferable, isNull: $0.isNull) }
        return ParameterTyping(types, castIndices: casts, narrowTypes: narrow, refused: refused)
    }
}
