extension ScriptedServer {
    /// One thing a scripted server does. After `handshake` what is read and sent goes through TLS.
    package enum Step: Sendable {
        /// Reads the startup message; answers an SSLRequest or GSSENCRequest before it with `N`.
        case expectStartup
        /// Reads whole messages, which have to be of these types, such as `PBDES` for an extended query.
        case expect(String)
        /// Reads a CancelRequest, which has to show this key.
        case expectCancelRequest(processID: Int32, secretKey: [UInt8])
        /// Reads this many bytes, whatever they are.
        case expectBytes(Int)
        /// Reads these bytes.
        case expectExactly([UInt8])
        /// Reads until the client closes, keeping what it sends; over TLS the client has to say good-bye.
        case expectEnd
        /// Reads until the connection ends, over TLS too with or without a good-bye.
        case expectAnyEnd
        /// Sends bytes, as fast as the client takes them.
        case send([UInt8])
        /// Sends bytes as far as the client takes them before it closes.
        case sendUntilClosed([UInt8])
        /// Sends each piece once the client has read the one before; certain over Unix sockets only.
        case sendInPieces([[UInt8]])
        /// Sends what is made of the message that came last.
        case answer(@Sendable (FrontendFrame) throws -> [UInt8])
        /// Reads messages until the connection ends, and plays for each what an answerer, made for this connection, says.
        case serve(@Sendable () -> (FrontendFrame) -> [Step])
        /// Sends the same bytes again and again until the client closes.
        case flood([UInt8])
        /// Sends pieces that are made one after the other until the client closes.
        case floodOfPieces(@Sendable (Int) -> [UInt8])
        /// Sends the same bytes again and again until the client closes, but only one of them every 50 ms.
        case trickle([UInt8])
        /// Passes bytes between the client and the server at this port of `127.0.0.1` until one of them closes.
        case relay(to: UInt16)
        /// Does nothing for this long, or until the client closes.
        case pause(milliseconds: Int32)
        /// Tells the test that the script has come this far.
        case reach(Gate)
        /// Waits for the test.
        case hold(until: Gate)
        /// Says good-bye where there is TLS, and lets the script's end close; closes the connection otherwise.
        case close
        /// Closes the connection with a reset, TCP's RST.
        case reset
        /// Ends the connection without a good-bye of TLS. Whatever comes after this step finds it so.
        case cut
        /// Reads and sends nothing more until the client closes.
        case never

        /// Reads an SSLRequest and answers with these bytes: `S`, `N`, or what no server should send.
        case answerSSLRequest([UInt8])
        /// Sends bytes as they are, also where there is TLS.
        case sendPlain([UInt8])
        /// Shakes hands.
        case handshake
        /// Tries to, and finds that the client will not, or that the client has not what is asked for.
        case failHandshake
        /// Tries to shake hands; whether the client will depends on its version of OpenSSL.
        case tryHandshake
        /// Sends the first half of its part of the handshake.
        case beginHandshake
        /// Changes its keys, and asks the client to do so too (TLS 1.3).
        case updateKeys
        /// Changes its keys again and again until the client closes, without asking for anything.
        case floodKeyUpdates
        /// Reads until the client has changed its keys this often, and no plaintext.
        case expectKeyUpdates(Int)
        /// Asks the client for another handshake (TLS 1.2).
        case renegotiate

        var name: String { String("\(self)".prefix { $0 != "(" }) }
    }
}
