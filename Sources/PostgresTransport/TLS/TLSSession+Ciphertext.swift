import COpenSSL

extension TLSSession {
    /// Whether there are bytes here that the peer has sent and nobody has read.
    var holdsInput: Bool { unsafe copenssl_pending(SSL_get_rbio(ssl)) > 0 || SSL_pending(ssl) > 0 }

    /// Lets `receive` fill the buffer for ciphertext, which must have been taken in whole; returns how much came, zero
    /// where nothing is there at present.
    func receive(
        _ receive: (UnsafeMutableRawBufferPointer) throws(TransportError) -> Int
    ) throws(TransportError) -> Int {
        guard outputBytes <= Self.outputBytesMax else {
            throw .tls(TLSFailure(.handshake, "the TLS connection broke: the server does not take our answers"))
        }
        let buffer = unsafe inputToFill()
        let count = try unsafe receive(buffer)
        isInputFull = count == buffer.count
        if isInputFull { inputBytes = Self.inputBytesMax }
        guard count > 0 else {
            releaseInput()
            return 0
        }
        guard let reader = unsafe copenssl_reader(buffer.baseAddress, Int32(count)) else {
            throw .tls(Self.outOfMemory())
        }
        unsafe SSL_set0_rbio(ssl, reader)
        silentBytes += count
        return count
    }

    private func inputToFill() -> UnsafeMutableRawBufferPointer {
        if let input = unsafe input {
            guard input.count < inputBytes else { return unsafe input }
            unsafe input.deallocate()
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: inputBytes, alignment: 16)
        unsafe input = buffer
        return unsafe buffer
    }

    /// Gives the buffer back while the connection waits. The BIO over it is at its end and reads no more of it, unless
    /// the session broke before.
    private func releaseInput() {
        guard unsafe copenssl_pending(SSL_get_rbio(ssl)) == 0 else { return }
        unsafe input?.deallocate()
        unsafe input = nil
    }

    /// Gives the buffer back, and begins with a small one when there is something to be received again.
    func becomeIdle() {
        inputBytes = Self.inputBytesMin
        releaseInput()
    }

    /// Decrypts into `buffer` until that is full or the ciphertext is used up, and returns how much it wrote.
    ///
    /// What ended the session is thrown once the plaintext before it has been returned: after its good-bye the peer has
    /// closed, everything else is a failure.
    func decrypt(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        if let failure { throw failure }
        OpenSSLErrors.clear()
        var filled = 0
        while filled < buffer.count {
            var count = 0
            guard unsafe SSL_read_ex(ssl, buffer.baseAddress! + filled, buffer.count - filled, &count) == 1 else {
                noteEnd(of: unsafe SSL_get_error(ssl, 0))
                break
            }
            filled += count
        }
        answerChangeOfKeys()
        if filled > 0 {
            silentBytes = 0
        } else {
            if silentBytes > Self.silentBytesMax {
                fail(.tls(TLSFailure(.handshake, "the TLS connection broke: the server sends no data")))
            }
            if let failure { throw failure }
        }
        return filled
    }

    /// Puts the answer that a peer's change of keys may ask for into the output. OpenSSL itself would wait for the next
    /// plaintext to be written, which somebody who only reads does not have.
    private func answerChangeOfKeys() {
        guard unsafe SSL_get_key_update_type(ssl) != SSL_KEY_UPDATE_NONE else { return }
        unsafe SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED)
        unsafe SSL_do_handshake(ssl)
        OpenSSLErrors.clear()
    }

    private func noteEnd(of error: Int32) {
        switch error {
        case SSL_ERROR_WANT_READ: break
        case SSL_ERROR_ZERO_RETURN: failure = .closedByPeer
        default: failure = .tls(takeFailure())
        }
    }

    /// Has later reads report what ended the stream, the first reason given.
    func fail(_ error: TransportError) {
        if failure == nil { failure = error }
    }
}

extension TLSSession {
    /// How much ciphertext has not been sent.
    var outputBytes: Int { unsafe copenssl_pending(output) }

    /// Encrypts the front of `bytes` and returns how much it took: zero while the peer's part of a change of keys is
    /// outstanding.
    func encrypt(_ bytes: UnsafeRawBufferPointer) throws(TransportError) -> Int {
        if let failure, failure != .closedByPeer { throw failure }
        OpenSSLErrors.clear()
        var count = 0
        let wanted = min(bytes.count, Self.encryptBytesMax)
        guard wanted > 0 else { return 0 }
        if unsafe SSL_write_ex(ssl, bytes.baseAddress, wanted, &count) == 1 { return count }
        switch unsafe SSL_get_error(ssl, 0) {
        case SSL_ERROR_WANT_READ: return 0
        default: throw .tls(takeFailure())
        }
    }

    /// Hands the ciphertext to `send`, which returns how much it took, until all of it is gone or none is taken.
    func sendOutput(_ send: (UnsafeRawBufferPointer) throws(TransportError) -> Int) throws(TransportError) {
        while outputBytes > 0 {
            let all = outputBytes
            let count = try unsafe send(UnsafeRawBufferPointer(start: copenssl_pending_bytes(output), count: all))
            guard count > 0 else { return }
            discardOutput(count, of: all)
        }
    }

    private func discardOutput(_ count: Int, of all: Int) {
        guard count < all else {
            unsafe copenssl_reset(output)
            return
        }
        // A memory BIO forgets only what is read from it.
        var (scratch, left) = ([UInt8](repeating: 0, count: min(count, 4 << 10)), count)
        while left > 0 {
            let read = unsafe BIO_read(output, &scratch, Int32(min(left, scratch.count)))
            guard read > 0 else { return }
            left -= Int(read)
        }
    }

    /// Adds the good-bye to the output, if there is a session to end.
    func close() {
        guard isEstablished, failure == nil || failure == .closedByPeer else { return }
        OpenSSLErrors.clear()
        unsafe SSL_shutdown(ssl)
        OpenSSLErrors.clear()
    }
}
