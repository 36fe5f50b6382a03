/// What a fault proxy can do to the bytes that pass one way.
package enum Fault: Sendable, Hashable {
    /// Ends the connection in order (FIN), both ways.
    case cut
    /// Ends the connection with a reset (RST), both ways.
    case reset
    /// Lets nothing more through in this direction, on any connection, until `resume`; the bytes wait.
    case stall
    /// Lets nothing more through in either direction, on any connection, until `resume`.
    case blackHole
    /// Passes at most this many bytes at a time, with a pause of a few milliseconds after each.
    case throttle(bytes: Int)
    /// Passes pieces of these sizes, over and over.
    case split([Int])
    /// Changes these bits of the next byte.
    case corrupt(bits: UInt8)
    /// Leaves out the message that begins next.
    case drop
    /// Passes the message that begins next twice.
    case duplicate
}

extension Fault {
    /// A way through the proxy.
    package enum Direction: Sendable, Hashable, CaseIterable {
        case toServer
        case toClient
    }

    /// When a fault happens: after so much more has passed in its direction, all connections together.
    package enum Place: Sendable, Hashable {
        case bytes(Int)
        /// Whole messages; of TLS that the proxy does not end, whole records.
        case messages(Int)

        /// Whether messages are counted.
        package var isInMessages: Bool { if case .messages = self { true } else { false } }
    }

    /// How much has passed in one direction.
    package struct Position: Sendable, Hashable {
        /// The bytes.
        package internal(set) var bytes = 0
        /// The messages that passed whole; none where the proxy was not told to see them.
        package internal(set) var messages = 0
    }
}
