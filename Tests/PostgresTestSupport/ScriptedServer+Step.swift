extension ScriptedServer {
    /// One thing a scripted server does.
    package enum Step: Sendable {
        /// Reads the startup message; answers an SSLRequest or GSSENCRequest before it with `N`.
        case expectStartup
        /// Reads whole messages, which have to be of these types, such as `PBDES` for an extended query.
        case expect(String)
        /// Reads a CancelRequest, which has to show this key.
        case expectCancelRequest(processID: Int32, secretKey: [UInt8])
        /// Reads this many bytes, whatever they are.
        case expectBytes(Int)
        /// Reads until the client closes, keeping what it sends.
        case expectEnd
        /// Sends bytes, as fast as the client takes them.
        case send([UInt8])
        /// Sends each piece once the client has read the one before; certain over Unix sockets only.
        case sendInPieces([[UInt8]])
        /// Sends what is made of the message that came last.
        case answer(@Sendable (FrontendFrame) throws -> [UInt8])
        /// Sends the same bytes again and again until the client closes.
        case flood([UInt8])
        /// Sends the same bytes again and again until the client closes, but only one of them every 50 ms.
        case trickle([UInt8])
        /// Tells the test that the script has come this far.
        case reach(Gate)
        /// Waits for the test.
        case hold(until: Gate)
        /// Closes the connection.
        case close
        /// Closes the connection with a reset, TCP's RST.
        case reset
        /// Reads and sends nothing more until the client closes.
        case never

        var name: String { String("\(self)".prefix { $0 != "(" }) }
    }

    /// A message of a client: its type byte, zero for those that have none, and what follows its length.
    package struct FrontendFrame: Sendable, Hashable {
        /// The type byte, such as `P`.
        package let type: UInt8
        /// What follows the length.
        package let body: [UInt8]
    }

    /// What a client has sent over one connection.
    package struct Transcript: Sendable {
        /// Every byte.
        package internal(set) var bytes: [UInt8] = []
        /// The messages that the script expected.
        package internal(set) var frames: [FrontendFrame] = []

        /// Whether the text is anywhere among the bytes.
        package func contains(_ text: String) -> Bool {
            let pattern = Array(text.utf8)
            return bytes.indices.contains { bytes[$0...].starts(with: pattern) }
        }
    }
}
