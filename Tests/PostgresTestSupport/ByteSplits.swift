/// Ways to cut the same bytes: what a network may do to them.
package enum ByteSplits {
    /// Returns the bytes whole, byte by byte, and cut in two at every place.
    package static func all(of bytes: [UInt8]) -> [[[UInt8]]] {
        let whole = [bytes]
        let single = bytes.map { [$0] }
        let pairs = (1..<max(bytes.count, 1)).map { [Array(bytes[..<$0]), Array(bytes[$0...])] }
        return [whole, single] + pairs
    }
}
