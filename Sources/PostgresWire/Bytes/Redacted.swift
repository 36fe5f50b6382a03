/// A value that holds what must not reach a log: a secret, a parameter, a row.
///
/// Interpolation, `String(reflecting:)` and `dump` show the description and no stored property, also inside other
/// values. A conformer whose name says too little writes a description of its own, from what is harmless. A core dump
/// or a look at the memory shows everything, as ever.
package protocol Redacted: CustomStringConvertible, CustomReflectable {}

extension Redacted {
    package var description: String { "\(Self.self)(redacted)" }

    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
