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
        throw ConfigErrors(ConfigError("documents cannot be read yet", position: .start))
    }

    /// Reads a document that is in memory as text.
    package static func read(
        _ text: String, format: ConfigFormat = .automatic, limits: ConfigLimits = ConfigLimits()
    ) throws(ConfigErrors) -> ConfigDocument {
        try read(Array(text.utf8), format: format, limits: limits)
    }
}
