/// What a reload did.
public struct RegistryReload: Sendable, Hashable, CustomStringConvertible {
    /// The connections whose pools were replaced, because what they depend on changed.
    public let changed: [String]
    /// The connections that are new.
    public let added: [String]
    /// The connections that are gone.
    public let removed: [String]
    /// Why the new document was refused and the old one stays; nil where it was taken.
    public let refusal: RegistryError?

    init(refusal: RegistryError) {
        (changed, added, removed) = ([], [], [])
        self.refusal = refusal
    }

    init(from old: RegistryDocument, to new: RegistryDocument) {
        let (before, after) = (old.profiles, new.profiles)
        added = after.keys.filter { before[$0] == nil }.sorted()
        removed = before.keys.filter { after[$0] == nil }.sorted()
        changed = after.values.filter { profile in
            before[profile.name].map { $0.fingerprint != profile.fingerprint } ?? false
        }.map(\.name).sorted()
        refusal = nil
    }

    /// Whether every pool stays as it is.
    public var isUneventful: Bool { refusal == nil && (changed + added + removed).isEmpty }

    /// What happened, in words and by names.
    public var description: String {
        if let refusal { return "document refused, the old one stays:\n\(refusal)" }
        if isUneventful { return "nothing changed" }
        return [("changed", changed), ("added", added), ("removed", removed)].filter { !$0.1.isEmpty }
            .map { "\($0.0): \($0.1.joined(separator: ", "))" }.joined(separator: "; ")
    }
}
