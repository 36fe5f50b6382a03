import Glibc
import PostgresTransport

/// The bytes of one accepted connection: as they are, and through TLS from a handshake on.
final class ScriptedStream {
    typealias Mismatch = ScriptedServer.Mismatch

    let socket: ScriptedSocket
    let options: ScriptedServer.Options
    /// Nil before any step of TLS.
    private(set) var tls: ScriptedTLS?
    /// Whether bytes go through TLS.
    private(set) var isEncrypted = false

    init(_ socket: ScriptedSocket, _ options: ScriptedServer.Options) {
        self.socket = socket
        self.options = options
    }

    /// Receives some bytes once there are any; none at the end of the stream, orderly or not.
    func receive(atMost count: Int = 64 << 10) throws(Mismatch) -> ArraySlice<UInt8> {
        if isEncrypted, !socket.isClosed, let tls {
            try tls.receive(atMost: count)
        } else {
            try socket.receive(atMost: count)
        }
    }

    /// Receives what there is; nil where there is nothing yet, no byte at the end of the stream.
    private func receiveAtOnce(atMost count: Int = 64 << 10) -> ArraySlice<UInt8>? {
        if isEncrypted, !socket.isClosed, let tls {
            tls.receiveAtOnce(atMost: count)
        } else {
            socket.receiveAtOnce(atMost: count)
        }
    }

    /// Sends everything; false where the client has closed.
    func send(_ bytes: [UInt8]) throws(Mismatch) -> Bool {
        if isEncrypted, !socket.isClosed, let tls { try tls.send(bytes) } else { try socket.send(bytes[...]) }
    }

    /// Sends piece after piece until the client closes or the time is over.
    func flood(_ piece: (Int) -> [UInt8]) throws(Mismatch) {
        let deadline = ContinuousClock.now + .seconds(Int64(ScriptedServer.secondsMax))
        var number = 0
        while try send(piece(number)) {
            number += 1
            guard ContinuousClock.now < deadline else { throw ScriptedSocket.tooLong }
        }
    }

    /// Sends one byte after the other, with pauses, until the client closes or the time is over.
    func trickle(_ bytes: [UInt8]) throws(Mismatch) {
        let deadline = ContinuousClock.now + .seconds(Int64(ScriptedServer.secondsMax))
        var index = 0
        while try send([bytes[index]]), !socket.hangsUp(within: Self.trickleMilliseconds) {
            index = (index + 1) % bytes.count
            guard ContinuousClock.now < deadline else { throw ScriptedSocket.tooLong }
        }
    }

    private static let trickleMilliseconds: Int32 = 50

    /// Passes bytes between the client and the server at a port of `127.0.0.1` until one of them closes.
    ///
    /// - Parameter note: is shown what comes from the client.
    func relay(to port: UInt16, _ note: (ArraySlice<UInt8>) -> Void) throws(Mismatch) {
        let server = ScriptedSocket(TestListener.connect(to: port))
        defer { server.close() }
        var bytesUntilUpdate = options.bytesBetweenKeyUpdates ?? .max
        while true {
            var pollers = [socket, server].map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            if tls?.hasPendingInput != true, unsafe poll(&pollers, 2, ScriptedServer.secondsMax * 1000) <= 0 {
                throw ScriptedSocket.tooLong
            }
            if pollers[0].revents != 0 || tls?.hasPendingInput == true {
                if let bytes = receiveAtOnce() {
                    note(bytes)
                    guard !bytes.isEmpty, try server.send(bytes) else { return }
                }
            }
            guard pollers[1].revents != 0, let answer = server.receiveAtOnce(atMost: 64 << 10) else { continue }
            guard !answer.isEmpty else {
                tls?.sayGoodbye()
                return
            }
            guard try send(Array(answer)) else { return }
            bytesUntilUpdate -= answer.count
            if bytesUntilUpdate <= 0 {
                try tls?.updateKeys()
                bytesUntilUpdate = options.bytesBetweenKeyUpdates ?? .max
            }
        }
    }

    /// The other end of TLS, from the first step on that needs one.
    func beginTLS() throws(Mismatch) -> ScriptedTLS {
        isEncrypted = true
        if let tls { return tls }
        let tls = try ScriptedTLS(socket, options)
        self.tls = tls
        return tls
    }

    /// Reads to the end; whether TLS, or the connection where there is none, was ended in order.
    func readToEnd(_ note: (ArraySlice<UInt8>) -> Void) throws(Mismatch) -> Bool {
        while true {
            let bytes = try receive()
            guard !bytes.isEmpty else { return tls?.hasReadGoodbye ?? true }
            note(bytes)
        }
    }
}
