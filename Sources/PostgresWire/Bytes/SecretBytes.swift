/// Bytes that are overwritten when their last owner lets go of them: a password, a key, a proof.
///
/// What is out of reach: the String that a user gave, a page that was swapped out, what the kernel has yet to send.
package final class SecretBytes: @unchecked Sendable, Redacted {
    private var storage: [UInt8]
    private let afterOverwriting: (@Sendable (RawSpan) -> Void)?

    /// Takes over bytes that nobody else holds, such as those that a function returned.
    ///
    /// - Parameter afterOverwriting: Looks at the storage before it is freed.
    package init(
        _ bytes: consuming [UInt8], afterOverwriting: (@Sendable (RawSpan) -> Void)? = nil
    ) {
        storage = bytes
        self.afterOverwriting = afterOverwriting
    }

    /// Takes a copy of bytes that somebody else holds too.
    package convenience init(copying bytes: some Collection<UInt8>) {
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        // Not `Array(bytes)`, which shares the storage of an array.
        copy.append(contentsOf: bytes)
        self.init(copy)
    }

    deinit {
        storage.overwrite()
        unsafe afterOverwriting?(storage.span.bytes)
    }

    /// Calls `body` with the storage itself. Whoever keeps the array keeps the secret: one that somebody else holds
    /// cannot be overwritten in place. For the same reason there is no property that hands it out, which might
    /// outlive its owner within a single expression.
    package func withBytes<Result, Failure: Error>(
        _ body: ([UInt8]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(storage)
    }

    /// The number of bytes.
    package var count: Int { storage.count }
}

extension SecretBytes: Hashable {
    /// Compares the bytes, in a time that depends on the lengths alone.
    package static func == (first: SecretBytes, second: SecretBytes) -> Bool {
        guard first.count == second.count else { return false }
        return zip(first.storage, second.storage).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(storage) }
}

extension [UInt8] {
    /// Makes the bytes from `start` on zero: in place, if nobody else holds the array.
    package mutating func overwrite(from start: Int = 0) {
        unsafe withUnsafeMutableBytes { bytes in
            unsafe overwriteMemory(UnsafeMutableRawBufferPointer(rebasing: bytes[start...]))
        }
    }
}

/// Never optimized, because stores to memory that is freed next look useless to an optimizer that sees them.
@inline(never) @_optimize(none)
private func overwriteMemory(_ bytes: UnsafeMutableRawBufferPointer) {
    for index in bytes.indices { unsafe bytes[index] = 0 }
}
