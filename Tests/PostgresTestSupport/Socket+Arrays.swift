import PostgresTransport
import PostgresWire

extension Socket {
    /// Reads what is there, at most 64 bytes; nothing where nothing is there.
    package func readSome() throws(TransportError) -> [UInt8] {
        let slab = ReceiveSlab(capacity: 64)
        let count = try slab.receive { output throws(TransportError) in _ = try read(into: &output) }
        return [UInt8](copying: slab.bytes(0..<count))
    }

    /// Hands bytes to the kernel and returns how many it took.
    package func write(_ bytes: [UInt8]) throws(TransportError) -> Int {
        try write(unsafe bytes.span.bytes)
    }
}
