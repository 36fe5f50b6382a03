/// What a document may be at most.
package struct ConfigLimits: Sendable, Hashable {
    /// The bytes of a document, and of all its text after aliases stand for what they name: 8 MiB unless set, at most 256 MiB.
    package var bytesMax = 8 << 20 {
        didSet { bytesMax = min(max(bytesMax, 0), Self.bytesCeiling) }
    }
    /// How deep collections may lie within each other: 64 unless set, at most 128.
    package var depthMax = 64 {
        didSet { depthMax = min(max(depthMax, 0), Self.depthCeiling) }
    }
    /// The values of a document after aliases stand for what they name, keys included: a million unless set, at most
    /// a billion.
    package var nodesMax = 1_000_000 {
        didSet { nodesMax = min(max(nodesMax, 0), Self.nodesCeiling) }
    }
    /// The aliases of a document: 1,000 unless set.
    package var aliasesMax = 1000 {
        didSet { aliasesMax = max(aliasesMax, 0) }
    }

    /// Collections are read by functions that call themselves, so their depth takes stack.
    static let depthCeiling = 128
    /// The bytes of a key as it is written. YAML 1.2.2, 7.4: "limited to a single line" and 1,024 characters.
    static let keyBytesMax = 1024
    static let nodesCeiling = 1_000_000_000
    static let bytesCeiling = 256 << 20

    /// The usual limits.
    package init() {}
}
