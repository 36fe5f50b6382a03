/// What a client of SCRAM knows of its role.
package enum SCRAMCredential: Hashable, Sendable, Redacted {
    /// The password's bytes, prepared.
    case password(SecretBytes)
    /// The keys that somebody derived from it earlier. The salt and the count of rounds mean nothing then.
    case keys(SCRAMKeys)
}

/// What a client of SCRAM needs for its proof.
package enum SCRAMKeySource: Hashable, Sendable, Redacted {
    /// Keys that are still to be derived.
    case derivation(KeyDerivation)
    /// The keys that it was given.
    case keys(SCRAMKeys)
}
