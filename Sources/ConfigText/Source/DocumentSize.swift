/// What has been read of a document: values, text and depth, aliases counted as what they stand for.
struct DocumentSize {
    /// The values, keys included.
    private(set) var nodes = 0
    /// The bytes of their text.
    private(set) var textBytes = 0
    /// The aliases.
    private(set) var aliases = 0
    /// The depth of the deepest collection since it was last set.
    var depth = 0

    private let limits: ConfigLimits

    /// Nothing has been read.
    init(limits: ConfigLimits) {
        self.limits = limits
    }

    /// Counts a scalar; answers with the limit that it exceeds.
    mutating func addScalar(textBytes count: Int) -> Excess? {
        nodes += 1
        textBytes += count
        return nodes > limits.nodesMax ? .nodes(limits.nodesMax) : nil
    }

    /// Counts a collection in this depth, of which the outermost has 1; answers with the limit that it exceeds.
    mutating func addCollection(depth: Int) -> Excess? {
        nodes += 1
        self.depth = max(self.depth, depth)
        if depth > limits.depthMax { return .depth(limits.depthMax) }
        return nodes > limits.nodesMax ? .nodes(limits.nodesMax) : nil
    }

    /// Counts what an alias at this depth stands for; answers with the limit that it exceeds.
    mutating func addAlias(to share: Share, depth: Int) -> Excess? {
        aliases += 1
        nodes += share.nodes
        textBytes += share.textBytes
        self.depth = max(self.depth, depth + share.depth)
        if aliases > limits.aliasesMax { return .aliases(limits.aliasesMax) }
        if depth + share.depth > limits.depthMax { return .depth(limits.depthMax) }
        if nodes > limits.nodesMax { return .nodes(limits.nodesMax) }
        return textBytes > limits.bytesMax ? .textBytes(limits.bytesMax) : nil
    }

    /// A part of a document: what each alias adds to it.
    struct Share {
        let nodes: Int
        let textBytes: Int
        let depth: Int
    }

    /// The limit that a document exceeds.
    enum Excess {
        case nodes(Int)
        case depth(Int)
        case aliases(Int)
        case textBytes(Int)

        /// The error to report at the place where the limit was passed.
        func error(at position: ConfigPosition) -> ConfigError {
            switch self {
            case .nodes(let max):
                ConfigError(
                    "document has more than \(max) values", hint: "Values that aliases repeat are counted each time.",
                    position: position)
            case .depth(let max):
                ConfigError("collections lie more than \(max) deep within each other", position: position)
            case .aliases(let max):
                ConfigError("document has more than \(max) aliases", position: position)
            case .textBytes(let max):
                ConfigError("aliases make the document's text longer than \(max) bytes", position: position)
            }
        }
    }
}
