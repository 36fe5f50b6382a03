import PostgresTransport
import Synchronization

/// How often which sizes occurred: a count for each range of sizes, and the sum of all.
///
/// The number of recordings is the sum of the counts, so the two agree in every reading; the sum of sizes may lack what
/// is being recorded at the moment.
package final class Histogram: MetricInstrument {
    /// How many bounds there are; the buckets are one more.
    private let boundCount: Int
    /// The bounds, and behind them what nothing is above.
    private let bounds: InlineArray<24, Int>
    /// For every number of bits the first bucket that a size of so many bits can belong to: bounds are about as far
    /// apart as powers of two, so the right one is that or one of the next.
    private let firstBuckets: InlineArray<65, UInt8>
    private let counts = InlineArray<24, Atomic<Int>> { _ in Atomic(0) }
    private let sum = Atomic<Int>(0)

    /// Creates an empty histogram with the bounds that suit `unit`.
    package init(unit: MetricUnit) {
        let all = unit.histogramBounds
        boundCount = all.count
        bounds = InlineArray<24, Int> { (index: Int) -> Int in index < all.count ? all[index] : .max }
        firstBuckets = InlineArray<65, UInt8> { (bits: Int) -> UInt8 in
            let smallest = bits < 2 ? bits : bits > 63 ? .max : 1 << (bits - 1)
            return UInt8(all.firstIndex { bound in bound >= smallest } ?? all.count)
        }
        precondition(all.count < counts.count, "a histogram has a bucket for each bound and one above them")
    }

    /// A histogram.
    package static var kind: MetricKind { .histogram }

    /// Records one size: nanoseconds, bytes or a count. Negative ones, which clocks can lead to, count as zero.
    package func record(_ size: Int) {
        let size = max(size, 0)
        counts[bucket(of: size)].wrappingAdd(1, ordering: .releasing)
        sum.wrappingAdd(size, ordering: .relaxed)
    }

    /// Records a time in nanoseconds.
    package func record(_ nanoseconds: Int64) { record(Int(nanoseconds)) }

    /// Records a time.
    package func record(_ time: Duration) { record(Int(time.nanoseconds)) }

    /// The counts and the sum so far.
    package var reading: MetricReading {
        .buckets(
            (0...boundCount).map { counts[$0].load(ordering: .acquiring) }, sum: sum.load(ordering: .relaxed))
    }

    /// The first bucket whose bound is not below `size`.
    private func bucket(of size: Int) -> Int {
        var bucket = Int(firstBuckets[Int.bitWidth - size.leadingZeroBitCount])
        while bounds[bucket] < size { bucket &+= 1 }
        return bucket
    }
}

extension Histogram: CustomReflectable {
    /// Nothing: the standard library's reflection would copy the counts, which traps.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension MetricUnit {
    /// The upper bounds of a histogram's buckets, in the whole numbers that are recorded.
    var histogramBounds: [Int] {
        switch self {
        case .seconds, .milliseconds: Self.timeBounds
        case .bytes: Self.byteBounds
        case .rows, .count: Self.countBounds
        }
    }

    /// From ten microseconds to a minute, in nanoseconds.
    private static let timeBounds: [Int] = [
        10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
        50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000,
        10_000_000_000, 30_000_000_000, 60_000_000_000,
    ]
    /// From 64 bytes to a gibibyte, by factors of four.
    private static let byteBounds: [Int] = (0...12).map { 64 << (2 * $0) }
    /// From 1 to 64 million, by factors of four.
    private static let countBounds: [Int] = (0...13).map { 1 << (2 * $0) }
}
