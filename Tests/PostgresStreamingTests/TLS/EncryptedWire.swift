/// What a client has sent over a connection that was to be encrypted.
enum EncryptedWire {
    /// The request that a client sends in the clear.
    static let request: [UInt8] = [0, 0, 0, 8, 4, 210, 22, 47]

    /// Whether the bytes are the request for TLS, and behind it nothing but records of TLS (RFC 8446, section 5.1), of
    /// which the last may be cut.
    static func holdsNothingInTheClear(_ bytes: [UInt8]) -> Bool {
        guard bytes.starts(with: request) else { return bytes.isEmpty }
        var rest = bytes.dropFirst(request.count)
        while rest.count >= 5 {
            let header = Array(rest.prefix(5))
            let count = Int(header[3]) << 8 | Int(header[4])
            // A change of ciphers, an alert, a handshake or data; 3.1 is what a first greeting says it is.
            guard (20...23).contains(header[0]), header[1] == 3, (1...3).contains(header[2]), count <= 16_640 else {
                return false
            }
            rest = rest.dropFirst(5 + count)
        }
        return true
    }

    /// The content types of the records behind the request.
    static func recordTypes(_ bytes: [UInt8]) -> [UInt8] {
        var types: [UInt8] = []
        var rest = bytes.dropFirst(request.count)
        while rest.count >= 5 {
            let header = Array(rest.prefix(5))
            types.append(header[0])
            rest = rest.dropFirst(5 + (Int(header[3]) << 8 | Int(header[4])))
        }
        return types
    }
}
