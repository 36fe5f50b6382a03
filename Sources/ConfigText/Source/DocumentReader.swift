/// Reads documents of one format.
protocol DocumentReader {
    /// The keys that were found twice.
    var duplicates: [ConfigError] { get }

    /// Reads the document to its end.
    mutating func readDocument() throws(ConfigError) -> ConfigNode
}
