import PostgresCryptography

/// What an advisory lock is about: a number, two smaller numbers, or a name (manual: "Advisory Locks").
///
/// ```swift
/// try await client.withAdvisoryLock("nightly report") { connection in
///     try await connection.execute("REFRESH MATERIALIZED VIEW report")
/// }
/// ```
///
/// A key means the same to every client of a database, and nothing to another database. Numbers and names share one space;
/// pairs have one of their own.
public struct PostgresAdvisoryKey: Hashable, Sendable {
    enum Value: Hashable, Sendable {
        case number(Int64)
        case pair(Int32, Int32)
    }

    let value: Value

    /// A number: a `bigint`.
    public init(_ number: Int64) { value = .number(number) }

    /// Two numbers, such as one for the kind and one for the row: two of `int`.
    public init(_ first: Int32, _ second: Int32) { value = .pair(first, second) }

    /// A name, which stands for the number that the first eight bytes of the SHA-256 of its UTF-8 are, the first byte first.
    ///
    /// So the number is the same in every release and on every machine, and other programs can compute it:
    ///
    /// ```sql
    /// SELECT ('x' || encode(substr(sha256(convert_to(name, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint
    /// ```
    ///
    /// Two names have one number by a chance of 1 to 2⁶⁴; then they exclude each other, and nothing else goes wrong. Names
    /// that look alike but are written with other code points have other numbers.
    public init(name: String) { value = .number(Self.number(of: name)) }

    private static func number(of name: String) -> Int64 {
        do throws(OpenSSLCryptography.Failure) {
            let digest = try OpenSSLCryptography.sha256(Array(name.utf8))
            return Int64(bitPattern: digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
        } catch {
            // SHA-256 is in every provider of OpenSSL, and without it nothing of this library works.
            preconditionFailure("a name needs SHA-256: \(error)")
        }
    }

    /// The arguments of the functions that lock and unlock.
    var arguments: PostgresQuery {
        switch value {
        case .number(let number): "\(number)::pg_catalog.int8"
        case .pair(let first, let second): "\(first)::pg_catalog.int4, \(second)::pg_catalog.int4"
        }
    }

    /// The row of `pg_locks` that shows the lock (manual: "pg_locks").
    var inCatalog: (high: UInt32, low: UInt32, kind: Int16) {
        switch value {
        case .number(let number):
            let bits = UInt64(bitPattern: number)
            return (UInt32(truncatingIfNeeded: bits >> 32), UInt32(truncatingIfNeeded: bits), 1)
        case .pair(let first, let second): return (UInt32(bitPattern: first), UInt32(bitPattern: second), 2)
        }
    }
}

extension PostgresAdvisoryKey: ExpressibleByIntegerLiteral, ExpressibleByStringInterpolation {
    /// The number of a literal.
    public init(integerLiteral value: Int64) { self.init(value) }

    /// The name of a literal.
    public init(stringLiteral value: String) { self.init(name: value) }
}

extension PostgresAdvisoryKey: CustomStringConvertible {
    /// The number or numbers that the server knows, such as `42` or `7, 42`.
    public var description: String {
        switch value {
        case .number(let number): "\(number)"
        case .pair(let first, let second): "\(first), \(second)"
        }
    }
}
