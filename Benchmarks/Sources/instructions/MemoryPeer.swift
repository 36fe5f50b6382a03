import Glibc
import PostgresTransport

/// A server that has said everything already: what the driver receives comes from memory.
struct MemoryPeer: Sendable {
    private static let shared = Locked(MemoryPeer())

    private var segments: [[UInt8]] = []
    private var segment = 0
    private var offset = 0

    /// Has the server say these, each at the earliest with a read of its own.
    static func say(_ segments: some Sequence<[UInt8]>) {
        let segments = Array(segments)
        shared.withLock { $0.segments = segments }
    }

    /// Receives what the buffer has room for.
    static func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        shared.withLock { unsafe $0.read(into: buffer) }
    }

    /// Copies as much of the running segment as there is room for, as the kernel would; 0 at the end of everything.
    private mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        while segment < segments.count, offset == segments[segment].count {
            segment += 1
            offset = 0
        }
        guard segment < segments.count else { return 0 }
        let count = min(buffer.count, segments[segment].count - offset)
        unsafe segments[segment].withUnsafeBytes { bytes in
            unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
        }
        offset += count
        return count
    }
}

// The program's own functions of these names stand before the C library's, so the library is the one that ships.

/// Receives from memory. In a connection this is the kernel's work, so it is not counted.
@c(recv)
package func receiveFromMemory(
    _ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int, _ flags: Int32
) -> Int {
    let buffer = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: count)
    return unsafe MemoryPeer.receive(into: buffer)
}

/// Takes whatever is sent.
@c(send)
package func sendNowhere(
    _ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: Int32
) -> Int { count }

/// Connects to nothing, at once.
@c(connect)
package func connectToMemory(
    _ descriptor: Int32, _ address: UnsafeRawPointer?, _ addressBytes: UInt32
) -> Int32 { 0 }
