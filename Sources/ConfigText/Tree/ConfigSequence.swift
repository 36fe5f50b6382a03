/// Values of a document in their order.
package struct ConfigSequence: Sendable, Hashable {
    /// The values.
    package let items: [ConfigNode]
    /// Where it begins: its bracket or first dash.
    package let position: ConfigPosition

    /// Creates a sequence.
    package init(items: [ConfigNode], position: ConfigPosition) {
        self.items = items
        self.position = position
    }
}
