/// Values of a document by their names, which are all different, in the order in which they were written.
package struct ConfigMapping: Sendable {
    /// A name and its value.
    package struct Entry: Sendable, Hashable {
        /// The name, which is always a scalar.
        package let key: ConfigScalar
        /// The value.
        package let value: ConfigNode

        /// Creates an entry.
        package init(key: ConfigScalar, value: ConfigNode) {
            self.key = key
            self.value = value
        }
    }

    /// The entries in their order.
    package private(set) var entries: [Entry] = []
    /// Where it begins: its brace or first key.
    package let position: ConfigPosition
    /// Where the entry of each name is; empty where there are few, which are compared one by one.
    private var indices: [String: Int] = [:]

    /// The number of entries up to which they are compared one by one.
    private static let comparedMax = 8

    /// Creates a mapping without entries.
    init(position: ConfigPosition) {
        self.position = position
    }

    /// The value of a name. Names are equal where Swift's strings are.
    package subscript(_ name: String) -> ConfigNode? { entry(named: name)?.value }

    /// The entry of a name.
    package func entry(named name: String) -> Entry? { index(of: name).map { entries[$0] } }

    private func index(of name: String) -> Int? {
        indices.isEmpty ? entries.firstIndex { $0.key.text == name } : indices[name]
    }

    /// Adds an entry at the end, or returns the one that has its name already.
    mutating func append(_ entry: Entry) -> Entry? {
        if let index = index(of: entry.key.text) { return entries[index] }
        entries.append(entry)
        if !indices.isEmpty {
            indices[entry.key.text] = entries.count - 1
        } else if entries.count > Self.comparedMax {
            for (index, entry) in entries.enumerated() { indices[entry.key.text] = index }
        }
        return nil
    }
}

extension ConfigMapping: Hashable {
    /// Whether the entries are equal, their order and positions included.
    package static func == (left: Self, right: Self) -> Bool {
        left.position == right.position && left.entries == right.entries
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(position)
        hasher.combine(entries)
    }
}
