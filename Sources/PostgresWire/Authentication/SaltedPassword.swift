/// A stretched password, from which all keys of an exchange follow. As secret as the password for this role.
package struct SaltedPassword: Hashable, Sendable, Redacted {
    let bytes: [UInt8]
}
