extension ConnectionKeyword {
    /// The known keyword that is written most like `name`; nil where none comes near.
    static func nearest(to name: String) -> ConnectionKeyword? {
        let written = Array(name.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 | 0x20 })
        guard written.count <= lengthMax else { return nil }
        let best = all.map { (keyword: $0, distance: distance(Array($0.rawValue.utf8.map { $0 | 0x20 }), written)) }
            .min { $0.distance < $1.distance }
        guard let best, best.distance <= max(2, written.count / 2) else { return nil }
        return best.keyword
    }

    private static let lengthMax = 64

    /// The count of letters to insert, remove or replace (Levenshtein), with the names' separators counted as letters.
    private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var row = Array(0...second.count)
        for (index, letter) in first.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in second.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[second.count]
    }
}
