import Glibc

extension Socket {
    /// Begins TLS as a client and returns what was agreed on. From then on everything read and written is plaintext to
    /// the caller.
    ///
    /// The peer has nothing to say before it is greeted: what it sent and nobody has read, be it a record of TLS, makes
    /// this fail (`earlyBytes`). So a caller who asked for TLS in plain reads its answer with `readByte`, and nothing else.
    /// Where it throws, the socket has been closed.
    package nonisolated(nonsending) func startTLS(
        _ settings: TLSSettings, deadline: MonotonicTime
    ) async throws(TransportError) -> TLSInformation {
        precondition(tls == nil, "TLS begins once on a connection")
        do throws(TransportError) {
            let context = try await makeContext(settings, deadline: deadline)
            let session = try tlsFailures { () throws(TLSFailure) in try TLSSession(context) }
            guard !holdsUnreadBytes else { throw TransportError.tls(.earlyBytes) }
            try await shakeHands(session, deadline: deadline)
            // From here on closing says good-bye, also to a peer that is not who it should be.
            tls = session
            return try tlsFailures { () throws(TLSFailure) in try session.verify() }
        } catch {
            close()
            throw error
        }
    }

    private nonisolated(nonsending) func makeContext(
        _ settings: TLSSettings, deadline: MonotonicTime
    ) async throws(TransportError) -> TLSContext {
        guard settings.readsFiles else { return try tlsFailures { () throws(TLSFailure) in try TLSContext(settings) } }
        let result = try await BlockingWork.run(on: loop, deadline: deadline) {
            Result { () throws(TLSFailure) in try TLSContext(settings) }
        }
        return try tlsFailures { () throws(TLSFailure) in try result.get() }
    }

    private nonisolated(nonsending) func shakeHands(
        _ session: TLSSession, deadline: MonotonicTime
    ) async throws(TransportError) {
        while true {
            let isDone: Bool
            do throws(TLSFailure) {
                isDone = try session.handshake()
            } catch {
                // The peer is told why, as far as the kernel takes it at once.
                try? flush(session)
                throw .tls(error)
            }
            try flush(session)
            if isDone, session.outputBytes == 0 { return }
            // A peer that sends without end leaves nothing to wait for.
            guard MonotonicTime.now < deadline else { throw .timedOut }
            if !isDone, try receive(for: session) > 0 { continue }
            try await wait(for: session.outputBytes > 0 ? [.readable, .writable] : .readable, deadline: deadline)
        }
    }

    private func tlsFailures<Success>(
        _ body: () throws(TLSFailure) -> Success
    ) throws(TransportError) -> Success {
        do throws(TLSFailure) { return try body() } catch { throw .tls(error) }
    }

    /// The binding data `tls-server-end-point` (RFC 5929, section 4.1) of the server's certificate; nil without TLS, and
    /// where the certificate's signature has no digest, as with Ed25519.
    package var endPointBinding: [UInt8]? { tls?.endPointBinding }

    /// Whether ciphertext waits for the kernel. Who waits for the peer then waits for room as well.
    package var hasPendingOutput: Bool { tls.map { $0.outputBytes > 0 } ?? false }

    /// Hands ciphertext that waits to the kernel, as far as it takes it. Reading and writing do so too.
    package func flushOutput() throws(TransportError) {
        if let tls { try flush(tls) }
    }

    private func flush(_ session: TLSSession) throws(TransportError) {
        try unsafe session.sendOutput { bytes throws(TransportError) in unsafe try send(bytes) }
    }

    /// Takes in ciphertext; zero where nothing is there at present. The end of the stream is not the peer's to choose:
    /// whoever sits in between can close a connection as well.
    private func receive(for session: TLSSession) throws(TransportError) -> Int {
        do throws(TransportError) {
            return try unsafe session.receive { buffer throws(TransportError) in unsafe try receive(into: buffer) }
        } catch .closedByPeer {
            throw .tls(.truncated(isEstablished: session.isEstablished))
        }
    }

    // MARK: after the handshake

    /// Appends plaintext to `output`, as much as there is and room for; false where there is none at present.
    func read(into output: inout OutputRawSpan, _ session: TLSSession) throws(TransportError) -> Bool {
        var failure: TransportError?
        let hasRead = unsafe output.withUnsafeMutableBytes { buffer, initialized in
            let start = initialized
            do throws(TransportError) {
                try unsafe fill(buffer, &initialized, session)
            } catch {
                failure = error
            }
            return initialized > start
        }
        // Answers that reading called for: a change of keys, the refusal of a renegotiation. Should sending them fail,
        // what the peer has said before is still there to be read.
        if session.outputBytes > 0 { try? flush(session) }
        guard let failure else { return hasRead }
        session.fail(failure)
        if !hasRead { throw failure }
        return true
    }

    private func fill(
        _ buffer: UnsafeMutableRawBufferPointer, _ initialized: inout Int, _ session: TLSSession
    ) throws(TransportError) {
        let start = initialized
        var mayHaveMore = true
        while initialized < buffer.count {
            let count = try unsafe session.decrypt(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[initialized...]))
            initialized += count
            guard initialized < buffer.count else { return }
            // A read that was not filled emptied the socket; if it brought something, the next call may look again.
            guard mayHaveMore || initialized == start else { return }
            guard try receive(for: session) > 0 else { return }
            mayHaveMore = session.isInputFull
        }
    }

    /// Encrypts and sends; returns how many bytes of plaintext were taken, though the kernel may not yet have all of
    /// their ciphertext.
    func write(_ bytes: RawSpan, _ session: TLSSession) throws(TransportError) -> Int {
        try flush(session)
        return try unsafe bytes.withUnsafeBytes { buffer throws(TransportError) in
            var taken = 0
            while taken < buffer.count, session.outputBytes == 0 {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[taken...])
                let count = try unsafe session.encrypt(rest)
                guard count > 0 else { break }
                taken += count
                try flush(session)
            }
            return taken
        }
    }

    /// Gives memory back that is needed again only when the peer says something.
    package func releaseBuffers() { tls?.becomeIdle() }

    /// Says good-bye as far as the kernel takes it at once.
    func closeTLS() {
        guard let session = tls else { return }
        tls = nil
        session.close()
        try? flush(session)
    }
}
