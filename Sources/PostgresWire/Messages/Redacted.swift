/// A message that holds what must not reach a log: a secret, a parameter, a row.
///
/// Interpolation, `String(reflecting:)` and `dump` show the description and no stored property. A conformer whose name
/// says too little writes a description of its own, from what is harmless.
package protocol Redacted: CustomStringConvertible, CustomReflectable {}

extension Redacted {
    package var description: String { "\(Self.self)" }

    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
