import CInterleavings
import Glibc

/// What the library asks of the kernel, answered by the world: the functions are the C library's, and the library that
/// calls them is the one that ships.
enum SystemCalls {
    /// From now on the world answers.
    static func begin() {
        let kernel = unsafe cinterleavings_kernel(
            now: { World.shared.now }, open: { World.shared.kernel.open() }, connect: { SystemCalls.connect($0) },
            receive: { unsafe SystemCalls.receive($0, UnsafeMutableRawBufferPointer(start: $1, count: $2)) },
            send: { unsafe SystemCalls.send($0, UnsafeRawBufferPointer(start: $1, count: $2)) },
            break_off: { SystemCalls.breakOff($0) }, close: { World.shared.kernel.close($0) },
            watch: { World.shared.kernel.watch($0, token: $2 == 0 ? nil : $1, flags: $2) },
            wait: { unsafe SystemCalls.wait(UnsafeMutableBufferPointer(start: $0, count: Int($1)), $2) })
        cinterleavings_begin(kernel)
    }

    private static func connect(_ descriptor: Int32) -> Int32 {
        guard let socket = World.shared.kernel[descriptor] else { return -EBADF }
        switch socket.state {
        case .new:
            socket.connect()
            return -EINPROGRESS
        case .connecting: return -EALREADY
        case .connected: return -EISCONN
        case .closed: return -EBADF
        }
    }

    private static func receive(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int64 {
        guard let socket = World.shared.kernel[descriptor] else { return Int64(-EBADF) }
        guard !socket.output.isEmpty else { return socket.hasEnd ? 0 : Int64(-EAGAIN) }
        let read = socket.read(max: buffer.count, World.shared)
        unsafe buffer.copyBytes(from: read)
        return Int64(read.count)
    }

    private static func send(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int64 {
        guard let socket = World.shared.kernel[descriptor] else { return Int64(-EBADF) }
        guard !socket.hasEnd else { return Int64(-EPIPE) }
        let taken = unsafe socket.write(Array(buffer), World.shared)
        return taken > 0 ? Int64(taken) : Int64(-EAGAIN)
    }

    private static func breakOff(_ descriptor: Int32) {
        guard let socket = World.shared.kernel[descriptor] else { return }
        socket.output = []
        World.shared.kernel.breakOff(socket)
    }

    private static func wait(
        _ output: UnsafeMutableBufferPointer<cinterleavings_event>, _ nanoseconds: Int64
    ) -> Int32 {
        let events = World.shared.wait(nanoseconds: nanoseconds < 0 ? nil : nanoseconds, eventsMax: output.count)
        for (index, event) in events.enumerated() {
            unsafe output[index] = cinterleavings_event(token: event.token, flags: event.flags)
        }
        return Int32(events.count)
    }
}
