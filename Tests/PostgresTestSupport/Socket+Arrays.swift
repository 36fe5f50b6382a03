import PostgresTransport
import PostgresWire

extension Socket {
    /// Reads what is there, up to a limit; nothing where nothing is there.
    package func readSome(atMost bytesMax: Int = 64) throws(TransportError) -> [UInt8] {
        let slab = ReceiveSlab(capacity: bytesMax)
        let count = try slab.receive { output throws(TransportError) in _ = try read(into: &output) }
        return [UInt8](copying: slab.bytes(0..<count))
    }

    /// Hands bytes to the kernel and returns how many it took.
    package func write(_ bytes: [UInt8]) throws(TransportError) -> Int {
        try write(unsafe bytes.span.bytes)
    }
}
