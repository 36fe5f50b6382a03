/// A value that holds a password, a key or a nonce, and that therefore shows only its type's name.
///
/// Holds for `print`, string interpolation, `dump` and debuggers that go through `Mirror`, and also inside other
/// values. A core dump or a look at the memory shows everything, as ever.
package protocol Redacted: CustomStringConvertible, CustomReflectable {}

extension Redacted {
    /// The name of the type and nothing else.
    package var description: String { "\(Self.self)(redacted)" }

    /// A mirror without children.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
