import COpenSSL
import Glibc

/// A private key read from a file.
@safe
struct PrivateKey: ~Copyable {
    let pointer: OpaquePointer

    /// No key is longer; what is would be read for nothing.
    private static let bytesMax = 1 << 20

    /// Reads a key in PEM or, failing that, in DER.
    ///
    /// As in libpq the file is a regular one, with permissions u=rw (0600) or less, or u=rw,g=r (0640) or less where it
    /// belongs to root. The file that is looked at is the one that is read, whatever happens to its name meanwhile.
    init(_ file: TLSFile, passphrase: (@Sendable () -> String?)?) throws(TLSFailure) {
        // Not to wait for the other end of a pipe, which is refused below.
        let descriptor = unsafe open(file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw file.failure("open", OpenSSLErrors.systemReason(errno)) }
        defer { close(descriptor) }
        try Self.check(descriptor, file)
        guard let bio = unsafe BIO_new_fd(descriptor, BIO_NOCLOSE) else {
            throw file.failure("read", OpenSSLErrors.takeReason())
        }
        defer { unsafe BIO_free(bio) }

        let source = Passphrase(passphrase)
        let key = unsafe withExtendedLifetime(source) {
            unsafe PEM_read_bio_PrivateKey(
                bio, nil,
                { buffer, size, _, source in
                    guard let buffer = unsafe buffer, let source = unsafe source else { return -1 }
                    let passphrase = unsafe Unmanaged<Passphrase>.fromOpaque(source).takeUnretainedValue()
                    return unsafe passphrase.write(to: UnsafeMutableBufferPointer(start: buffer, count: Int(size)))
                }, Unmanaged.passUnretained(source).toOpaque())
        }
        if let key = unsafe key {
            unsafe pointer = key
            OpenSSLErrors.clear()
            return
        }
        // The reason of the first attempt is the one to report: most keys are PEM.
        let reason = source.wasMissing ? "it is encrypted and no passphrase was given" : OpenSSLErrors.takeReason()
        unsafe copenssl_reset(bio)
        guard let key = unsafe d2i_PrivateKey_bio(bio, nil) else {
            OpenSSLErrors.clear()
            throw file.failure("load", reason)
        }
        unsafe pointer = key
        OpenSSLErrors.clear()
    }

    deinit { unsafe EVP_PKEY_free(pointer) }

    private static func check(_ descriptor: Int32, _ file: TLSFile) throws(TLSFailure) {
        var information = stat()
        guard unsafe fstat(descriptor, &information) == 0 else {
            throw file.failure("read", OpenSSLErrors.systemReason(errno))
        }
        guard information.st_mode & S_IFMT == S_IFREG else { throw file.failure("is not a regular file") }
        let forbidden: mode_t = information.st_uid == 0 ? 0o037 : 0o077
        guard information.st_mode & forbidden == 0 else {
            throw file.failure(
                "has group or world access; it must have permissions u=rw (0600) or less if owned by the current user, "
                    + "or permissions u=rw,g=r (0640) or less if owned by root")
        }
        guard information.st_size <= off_t(bytesMax) else { throw file.failure("is longer than a key can be") }
    }
}

/// Gives OpenSSL a passphrase once it asks for one, which it does for encrypted keys alone.
private final class Passphrase {
    private let source: (@Sendable () -> String?)?
    private(set) var wasMissing = false

    init(_ source: (@Sendable () -> String?)?) { self.source = source }

    /// Returns the number of bytes written, or −1 where there is no passphrase or it does not fit.
    @unsafe
    func write(to buffer: UnsafeMutableBufferPointer<CChar>) -> Int32 {
        guard let text = source?() else {
            wasMissing = true
            return -1
        }
        guard text.utf8.count <= buffer.count else { return -1 }
        for (index, byte) in text.utf8.enumerated() { unsafe buffer[index] = CChar(bitPattern: byte) }
        return Int32(text.utf8.count)
    }
}
