/// A value of a document: text, or a collection of values.
///
/// What an alias stands for is the node of its anchor, with the positions that it has there.
package enum ConfigNode: Sendable, Hashable {
    /// Text, of whatever kind it may turn out to be.
    case scalar(ConfigScalar)
    /// Values in order.
    case sequence(ConfigSequence)
    /// Values by name.
    case mapping(ConfigMapping)

    /// Where the value begins: at its first character, at the first dash or key of a block collection.
    package var position: ConfigPosition {
        switch self {
        case .scalar(let scalar): scalar.position
        case .sequence(let sequence): sequence.position
        case .mapping(let mapping): mapping.position
        }
    }

    /// The scalar, where it is one.
    package var scalar: ConfigScalar? {
        guard case .scalar(let scalar) = self else { return nil }
        return scalar
    }

    /// The sequence, where it is one.
    package var sequence: ConfigSequence? {
        guard case .sequence(let sequence) = self else { return nil }
        return sequence
    }

    /// The mapping, where it is one.
    package var mapping: ConfigMapping? {
        guard case .mapping(let mapping) = self else { return nil }
        return mapping
    }
}
