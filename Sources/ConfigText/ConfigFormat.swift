/// The language that a document is written in.
package enum ConfigFormat: Sendable, Hashable {
    /// JSON, strictly by RFC 8259.
    case json
    /// The strict subset of YAML 1.2 that `YAMLReader` describes.
    case yaml
    /// JSON where the first character that is no white space is `{` or `[`, and YAML otherwise.
    case automatic

    /// The format of a file by its name: JSON for `.json`, YAML for `.yaml` and `.yml`, `automatic` for the others.
    package init(fileName: String) {
        let name = fileName.lowercased()
        self = name.hasSuffix(".json") ? .json : name.hasSuffix(".yaml") || name.hasSuffix(".yml") ? .yaml : .automatic
    }
}
