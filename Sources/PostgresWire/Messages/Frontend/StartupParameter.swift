/// One name and value of a StartupMessage.
package struct StartupParameter: Hashable, Sendable {
    /// The name, such as "user" or that of a run-time parameter; empty is refused when the message is encoded.
    package let name: String
    /// The value, which may be empty.
    package let value: String

    /// Creates a parameter.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

extension StartupParameter: Redacted {
    package var description: String { "StartupParameter(name: \(name))" }
}
