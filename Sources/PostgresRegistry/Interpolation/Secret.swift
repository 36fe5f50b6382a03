/// A text that never shows: not in descriptions, dumps, errors or explanations. It has no `Codable`.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// Hides a text.
    public init(_ text: String) { self.text = text }

    /// The text itself. What is done with it is up to the caller.
    public func reveal() -> String { text }

    /// The word "secret", whatever the text is.
    public var description: String { "<secret>" }
    /// As the description.
    public var debugDescription: String { description }
    /// Nothing at all.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }

    /// A text without any of the secrets. Those of fewer than four bytes would make it unreadable, and stay.
    static func scrub(_ text: String, of secrets: some Sequence<Secret>) -> String {
        var text = text
        for secret in secrets where secret.text.utf8.count >= 4 {
            var rest = text[...]
            var scrubbed = ""
            while let range = rest.firstRange(of: secret.text) {
                scrubbed += rest[..<range.lowerBound] + "<secret>"
                rest = rest[range.upperBound...]
            }
            text = scrubbed + rest
        }
        return text
    }
}
