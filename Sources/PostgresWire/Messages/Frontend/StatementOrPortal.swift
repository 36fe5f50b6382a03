/// What a Close or a Describe is about.
package enum StatementOrPortal: Hashable, Sendable {
    /// The statement of this name; empty for the unnamed one.
    case statement(String)
    /// The portal of this name; empty for the unnamed one.
    case portal(String)

    /// The byte that tells one from the other on the wire.
    package var typeByte: UInt8 {
        switch self {
        case .statement: UInt8(ascii: "S")
        case .portal: UInt8(ascii: "P")
        }
    }

    /// The name of the statement or portal.
    package var name: String {
        switch self {
        case .statement(let name), .portal(let name): name
        }
    }
}
