/// A mapping that is being read, and the keys that were found twice.
struct MappingBuilder {
    private(set) var mapping: ConfigMapping

    /// Begins a mapping.
    init(position: ConfigPosition) {
        mapping = ConfigMapping(position: position)
    }

    /// Adds an entry; a key that is there already is noted among the duplicates, of which some are kept.
    mutating func append(_ key: ConfigScalar, _ value: ConfigNode, _ duplicates: inout [ConfigError]) {
        guard let earlier = mapping.append(ConfigMapping.Entry(key: key, value: value)) else { return }
        // One is kept for what ends the reading.
        guard duplicates.count < ConfigErrors.countMax - 1 else { return }
        let name = Self.isName(key.text) ? " \"\(key.text)\"" : ""
        duplicates.append(
            ConfigError(
                "duplicate key\(name)",
                hint: "Take one of them out: the other is at \(earlier.key.position).", position: key.position))
    }

    /// Whether a text may be shown in a message: a short word, and hardly a secret that slipped into the place of a key.
    static func isName(_ text: String) -> Bool {
        text.utf8.count <= 40 && text.utf8.allSatisfy { $0.isNameCharacter || $0 == UInt8(ascii: ".") }
    }
}
