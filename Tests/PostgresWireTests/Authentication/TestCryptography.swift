import PostgresCryptography
import PostgresWire

/// OpenSSL's primitives, except for what a test wants to know beforehand.
protocol TestCryptography: Cryptography where Failure == OpenSSLCryptography.Failure {
    /// The nonce that an exchange will have.
    static var nonce: String { get }
}

extension TestCryptography {
    static func sha256(_ message: [UInt8]) throws(Failure) -> [UInt8] { try OpenSSLCryptography.sha256(message) }

    static func hmacSHA256(key: [UInt8], message: [UInt8]) throws(Failure) -> [UInt8] {
        try OpenSSLCryptography.hmacSHA256(key: key, message: message)
    }

    static func md5(_ message: [UInt8]) throws(Failure) -> [UInt8] { try OpenSSLCryptography.md5(message) }

    static func randomBytes(_ count: Int) throws(Failure) -> [UInt8] { Base64.decode(Array(nonce.utf8)) ?? [] }

    static func saltedPassword(password: [UInt8], salt: [UInt8], iterations: Int) throws(Failure) -> [UInt8] {
        try OpenSSLCryptography.saltedPassword(password: password, salt: salt, iterations: iterations)
    }

    static func isEqualInConstantTime(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        OpenSSLCryptography.isEqualInConstantTime(first, second)
    }
}

/// The nonce of the example in RFC 7677.
enum RFC7677Cryptography: TestCryptography {
    static let nonce = "rOprNGfwEbeRWgbNEkqO"
}

/// The nonce of the exchanges that were recorded with PostgreSQL.
enum RecordedCryptography: TestCryptography {
    static let nonce = "cG9zdGdyZXMtc3RyZWFtaW5n"
}

/// Stretches passwords by a single round, so that thousands of exchanges take no time.
enum CheapCryptography: TestCryptography {
    typealias Failure = OpenSSLCryptography.Failure

    static let nonce = "cG9zdGdyZXMtc3RyZWFtaW5n"

    static func saltedPassword(password: [UInt8], salt: [UInt8], iterations: Int) throws(Failure) -> [UInt8] {
        try OpenSSLCryptography.saltedPassword(password: password, salt: salt, iterations: 1)
    }
}

/// Has random bytes and nothing else.
enum BrokenCryptography: Cryptography {
    struct Failure: Error {}

    static func sha256(_ message: [UInt8]) throws(Failure) -> [UInt8] { throw Failure() }
    static func hmacSHA256(key: [UInt8], message: [UInt8]) throws(Failure) -> [UInt8] { throw Failure() }
    static func md5(_ message: [UInt8]) throws(Failure) -> [UInt8] { throw Failure() }
    static func randomBytes(_ count: Int) throws(Failure) -> [UInt8] { Array(repeating: 0, count: count) }
    static func saltedPassword(password: [UInt8], salt: [UInt8], iterations: Int) throws(Failure) -> [UInt8] {
        Array(repeating: 0, count: 32)
    }
    static func isEqualInConstantTime(_ first: [UInt8], _ second: [UInt8]) -> Bool { true }
}
