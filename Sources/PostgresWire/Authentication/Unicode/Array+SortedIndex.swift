extension [UInt32] {
    /// Returns the index of the last element that is not above `limit`, by halving; the elements must ascend.
    func sortedIndex(atOrBelow limit: UInt32) -> Int? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] <= limit {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low == 0 ? nil : low - 1
    }
}
