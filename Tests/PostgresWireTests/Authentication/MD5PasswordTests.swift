import PostgresCryptography
import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct MD5PasswordTests {
    private static let pencil = SecretBytes(Array("pencil".utf8))

    @Test func `the answer hashes what PostgreSQL stores together with the salt`() throws {
        let salt: [UInt8] = [1, 2, 3, 4]
        let response = try MD5Password.response(
            password: Self.pencil, user: "old", salt: salt, using: OpenSSLCryptography.self)
        #expect(response.bytes == Array("md541c257d8e050c92343468036b5e6270d".utf8))
    }

    @Test func `the answer follows from the hash in pg_authid`() throws {
        let stored = "b15721e6326bc6e9a7c72a38963ec03d"
        let digest = try OpenSSLCryptography.md5(Array(stored.utf8) + [0xFF, 0, 0x80, 0x7F])
        let hex = digest.map { byte in ["", "0"][byte < 16 ? 1 : 0] + String(byte, radix: 16) }.joined()
        let response = try MD5Password.response(
            password: Self.pencil, user: "old", salt: [0xFF, 0, 0x80, 0x7F], using: OpenSSLCryptography.self)
        #expect(response.bytes == Array(("md5" + hex).utf8))
    }

    @Test func `a system without MD5 answers with its failure`() {
        #expect(throws: BrokenCryptography.Failure.self) {
            try MD5Password.response(
                password: Self.pencil, user: "old", salt: [1, 2, 3, 4], using: BrokenCryptography.self)
        }
    }
}
