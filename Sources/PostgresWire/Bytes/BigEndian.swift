extension RawSpan {
    /// Returns the big-endian integer at `offset`.
    ///
    /// The one place where wire integers are loaded. A range outside the span traps, so callers that read a peer's
    /// bytes compare the offset with `byteCount` first and treat a shortfall as a protocol violation.
    @inlinable
    package func bigEndian<Integer: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, as type: Integer.Type = Integer.self
    ) -> Integer {
        unsafe Integer(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Integer.self))
    }

    /// Returns the byte at `offset`; outside the span it traps.
    @inlinable
    package func byte(at offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}

extension [UInt8] {
    /// Creates an array with a copy of the span's bytes.
    @inlinable
    package init(copying span: RawSpan) {
        self = unsafe span.withUnsafeBytes { unsafe [UInt8]($0) }
    }

    /// Appends the bytes of a span.
    package mutating func append(copying span: RawSpan) {
        unsafe span.withUnsafeBytes { bytes in unsafe append(contentsOf: bytes) }
    }

    /// The bytes, borrowed from the array.
    @inlinable package var rawSpan: RawSpan {
        @_lifetime(borrow self) get { unsafe span.bytes }
    }

    /// Appends the integer in network byte order.
    @inlinable
    package mutating func append<Integer: FixedWidthInteger>(bigEndian value: Integer) {
        // At once: appending byte by byte checks each time whether the array has other owners.
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { bytes in unsafe append(contentsOf: bytes) }
    }

    /// Writes the integer in network byte order over the bytes at `index`, such as a length that is known only now.
    @inlinable
    package mutating func replace(bigEndian value: Int32, at index: Int) {
        unsafe withUnsafeMutableBytes { bytes in
            unsafe bytes.storeBytes(of: value.bigEndian, toByteOffset: index, as: Int32.self)
        }
    }
}
