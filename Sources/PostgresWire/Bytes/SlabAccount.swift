import Synchronization

/// Counts the bytes of the slabs that live, whoever holds them: the connection, a chunk, or a row that was kept.
///
/// A slab is counted when it is made and discounted when its memory is given back, so the figure is exact at any time
/// and read from any thread.
package final class SlabAccount: Sendable {
    private let bytes = Atomic<Int>(0)
    private let peakBytes = Atomic<Int>(0)
    private let isAwaited = Atomic<Bool>(false)
    private let onRelease: @Sendable () -> Void
    private let total: SlabAccount?

    /// Creates an empty account; `onRelease` is called once after each `awaitRelease`, on any thread.
    ///
    /// - Parameter total: an account that counts the same slabs too, with those of others.
    package init(partOf total: SlabAccount? = nil, onRelease: @escaping @Sendable () -> Void = {}) {
        self.total = total
        self.onRelease = onRelease
    }

    /// The bytes that are held now.
    package var held: Int { bytes.load(ordering: .relaxed) }

    /// The most bytes that were held at a time since `resetPeak`.
    package var peak: Int { peakBytes.load(ordering: .relaxed) }

    /// Begins to look for the most bytes anew.
    package func resetPeak() { peakBytes.store(held, ordering: .relaxed) }

    /// Has `onRelease` called when the next slab is given back. Look at `held` after this call, not before.
    package func awaitRelease() { isAwaited.store(true, ordering: .sequentiallyConsistent) }

    func take(_ count: Int) {
        let now = bytes.add(count, ordering: .relaxed).newValue
        if now > peak { peakBytes.max(now, ordering: .relaxed) }
        total?.take(count)
    }

    func giveBack(_ count: Int) {
        bytes.subtract(count, ordering: .sequentiallyConsistent)
        total?.giveBack(count)
        if isAwaited.exchange(false, ordering: .sequentiallyConsistent) { onRelease() }
    }
}
