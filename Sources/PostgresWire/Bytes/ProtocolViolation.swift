/// The peer sent bytes that the frontend/backend protocol does not allow at this point.
///
/// A violation is always final for the connection: after it nobody knows where the next message starts or what the
/// server believes. The text is ours alone; it holds message names, lengths and limits, never bytes of the peer but
/// for the greeting of one that speaks another protocol, cut and escaped.
@usableFromInline
package struct ProtocolViolation: Error, Hashable, Sendable {
    /// What kind of rule was broken.
    package enum Kind: Hashable, Sendable {
        /// A length, count or terminator does not fit the message around it.
        case malformedMessage
        /// A message is longer than the limit for its type.
        case messageTooLarge
        /// A message of this type may not come in the present state of the session.
        case unexpectedMessage
        /// No backend message has this type byte.
        case unknownMessage
        /// The first bytes of the peer are none of this protocol.
        case foreignProtocol
        /// The server refused the connection in the form of protocol 2, as it does where it cannot even fork.
        case unframedRefusal
        /// The server speaks no version of the protocol that the client puts up with.
        case unsupportedVersion
        /// The authentication exchange broke its own rules; nothing was proven.
        case authentication
        /// The authentication asks for more or for less work than it may; none of it was done.
        case authenticationWork
        /// The authentication asks for less work than is safe with a server that is not verified; none of it was done.
        case authenticationWeakness
    }

    /// What kind of rule was broken.
    package let kind: Kind
    /// What was wrong, in words of our own.
    package let message: String

    /// Creates a violation.
    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
