import Glibc

/// What callbacks of OpenSSL note down. The session keeps it for as long as OpenSSL may call.
final class HandshakeNotes {
    var isCertificateRequested = false
    var keyLog: Int32 = -1

    /// The object behind the pointer that OpenSSL was given.
    @unsafe
    static func at(_ pointer: UnsafeMutableRawPointer?) -> HandshakeNotes? {
        unsafe pointer.map { unsafe Unmanaged<HandshakeNotes>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Appends one line to the key log. A log that cannot be written stops no connection.
    @unsafe
    func log(_ line: UnsafePointer<CChar>) {
        let bytes = unsafe Array(UnsafeBufferPointer(start: line, count: strlen(line))).map { UInt8(bitPattern: $0) }
        _ = unsafe write(keyLog, bytes + [UInt8(ascii: "\n")], bytes.count + 1)
    }
}
