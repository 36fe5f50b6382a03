/// The type that a parameter is written in, and whether the server may say that it is another.
package struct ParameterType: Sendable {
    /// The object ID of the type; 0 leaves it to the server.
    package let oid: UInt32
    /// Whether the type only follows from the kind of the value, such as `bigint` from an integer, so that the server is to
    /// say what the statement takes in its place.
    package let isInferable: Bool
    /// Whether the value is NULL, which is one of any type.
    package let isNull: Bool

    /// Creates a type, which is certain unless said otherwise.
    package init(_ oid: UInt32, isInferable: Bool = false, isNull: Bool = false) {
        self.oid = oid
        self.isInferable = isInferable
        self.isNull = isNull
    }

    /// Whether the server is to be asked for the type.
    package var isOpen: Bool { oid != 0 && (isInferable || isNull) }
}

extension ParameterType: Hashable {
    /// Compares all but whether the value is NULL, which does not make another statement.
    package static func == (first: Self, second: Self) -> Bool {
        first.oid == second.oid && first.isInferable == second.isInferable
    }

    /// Hashes the object ID.
    package func hash(into hasher: inout Hasher) { hasher.combine(oid) }
}
