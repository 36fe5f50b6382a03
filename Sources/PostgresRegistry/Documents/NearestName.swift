import PostgresStreaming

/// The name that was probably meant by one that is not known.
enum NearestName {
    private static let lengthMax = 64

    /// The name with the fewest letters to change; nil where none resembles it.
    static func of(_ written: String, among names: some Sequence<String>) -> String? {
        let letters = Array(written.lowercased().utf8)
        guard letters.count <= lengthMax else { return nil }
        let distanceMax = letters.count < 4 ? 1 : letters.count < 9 ? 2 : 3
        var best: (name: String, distance: Int)?
        for name in names {
            let others = Array(name.lowercased().utf8)
            guard abs(others.count - letters.count) <= distanceMax else { continue }
            let distance = KeywordHint.distance(others, letters)
            guard distance <= distanceMax, distance < best?.distance ?? .max else { continue }
            best = (name, distance)
        }
        return best?.name
    }

    /// A sentence that names the nearest name, or else all of them where they are few.
    static func hint(for written: String, among names: [String], called kind: String) -> String? {
        if let name = of(written, among: names) { return "Did you mean \"\(name)\"?" }
        guard !names.isEmpty, names.count <= 12 else { return nil }
        return "The \(kind) are \(names.sorted().joined(separator: ", "))."
    }
}
