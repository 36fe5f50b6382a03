/// The folders of a target as a page draws them: one line each, the topmost first, with the folders that it refers to.
///
///     Streaming → Statements, Query
///     Query
///
/// A line that ends with a comma goes on in the next one.
struct FolderDrawing {
    /// From the top to the bottom.
    private(set) var folders: [String] = []
    private(set) var arrows: Set<FolderMap.Arrow> = []

    /// Reads the first block of lines with an indent of four spaces after a heading.
    init(_ text: String, below heading: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let block = lines.drop { $0 != heading }.dropFirst().drop { !$0.hasPrefix("    ") }
            .prefix { $0.hasPrefix("    ") }
        var isContinued = false
        for line in block {
            let parts = line.split(separator: "→").map { $0.split { $0 == " " || $0 == "," }.map(String.init) }
            if !isContinued, let name = parts.first?.first { folders.append(name) }
            for target in isContinued ? parts[0] : parts.dropFirst().flatMap(\.self) {
                arrows.insert(FolderMap.Arrow(from: folders.last ?? "", to: target))
            }
            isContinued = line.hasSuffix(",")
        }
    }

    /// The arrows that lead to a folder that does not stand lower. Without any there is no circle.
    var rising: [FolderMap.Arrow] {
        let places = Dictionary(folders.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return arrows.filter { places[$0.from, default: .max] >= places[$0.to, default: 0] }.sorted()
    }

    /// The lines for some arrows, in this order of the folders.
    func lines(for arrows: Set<FolderMap.Arrow>) -> String {
        let width = folders.map(\.count).max() ?? 0
        return folders.map { folder in
            let targets = folders.filter { arrows.contains(FolderMap.Arrow(from: folder, to: $0)) }
            guard !targets.isEmpty else { return "    \(folder)" }
            let name = folder + String(repeating: " ", count: width - folder.count)
            var text = "    \(name) →"
            var length = text.count
            for (index, target) in targets.enumerated() {
                let word = target + (index + 1 < targets.count ? "," : "")
                if length + word.count >= Self.widthMax {
                    text += "\n" + String(repeating: " ", count: width + 6)
                    length = width + 6
                }
                text += " \(word)"
                length += word.count + 1
            }
            return text
        }.joined(separator: "\n")
    }

    private static let widthMax = 118
}
