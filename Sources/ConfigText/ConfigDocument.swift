/// A document that was read: JSON or YAML, one tree of values of which each knows where it stands.
package struct ConfigDocument: Sendable, Hashable {
    /// The outermost value. That of an empty YAML document is an empty plain scalar.
    package let root: ConfigNode

    /// Reads a document of UTF-8 bytes, in time that grows with their number.
    ///
    /// Fails with all errors that can be told at once: keys that are there twice are all found; what breaks the grammar ends
    /// the reading.
    package static func read(
        _ bytes: [UInt8], format: ConfigFormat = .automatic, limits: ConfigLimits = ConfigLimits()
    ) throws(ConfigErrors) -> ConfigDocument {
        guard bytes.count <= limits.bytesMax else {
            throw ConfigErrors(ConfigError("document is longer than \(limits.bytesMax) bytes", position: .start))
        }
        var source = SourceText(bytes)
        let format = format == .automatic ? source.format : format
        do throws(ConfigError) {
            try source.check(format)
        } catch {
            throw ConfigErrors(error)
        }
        let root =
            format == .json
            ? try readDocument(JSONReader(source, limits: limits))
            : try readDocument(YAMLReader(source, limits: limits))
        return ConfigDocument(root: root)
    }

    private static func readDocument<Reader: DocumentReader>(_ reader: Reader) throws(ConfigErrors) -> ConfigNode {
        var reader = reader
        let root: ConfigNode
        do throws(ConfigError) {
            root = try reader.readDocument()
        } catch {
            throw ConfigErrors(error, reader.duplicates)
        }
        guard let first = reader.duplicates.first else { return root }
        throw ConfigErrors(first, Array(reader.duplicates.dropFirst()))
    }

    /// Reads a document that is in memory as text.
    package static func read(
        _ text: String, format: ConfigFormat = .automatic, limits: ConfigLimits = ConfigLimits()
    ) throws(ConfigErrors) -> ConfigDocument {
        try read(Array(text.utf8), format: format, limits: limits)
    }
}
