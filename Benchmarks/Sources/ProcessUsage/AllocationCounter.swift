import Glibc

/// The count that `libcountmalloc.so` keeps where it was preloaded.
enum AllocationCounter {
    /// The calls so far; nil where the library is absent.
    static var total: Int64? {
        guard let function else { return nil }
        return Int64(clamping: function())
    }

    private static let function: (@convention(c) () -> UInt64)? = {
        guard let symbol = unsafe dlsym(nil, "countmalloc_total") else { return nil }
        return unsafe unsafeBitCast(symbol, to: (@convention(c) () -> UInt64).self)
    }()
}
