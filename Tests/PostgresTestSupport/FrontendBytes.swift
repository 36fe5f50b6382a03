import PostgresWire

/// What a server would receive.
package enum FrontendBytes {
    /// Returns the whole message, with its type byte and length.
    package static func encode(_ message: some FrontendMessage) throws(FrontendMessageError) -> [UInt8] {
        var buffer = FrontendBuffer()
        try buffer.append(message)
        return [UInt8](copying: buffer.pending)
    }
}
