import PostgresCryptography
import Testing

@Suite struct OpenSSLCryptographyTests {
    /// Returns the lower-case hex digits, as the RFCs print results.
    private func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `SHA-256 gives the digests of FIPS 180`(message: String, digest: String) throws {
        #expect(hex(try OpenSSLCryptography.sha256(Array(message.utf8))) == digest)
    }

    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
        ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    ])
    func `MD5 gives the digests of RFC 1321`(message: String, digest: String) throws {
        #expect(hex(try OpenSSLCryptography.md5(Array(message.utf8))) == digest)
    }

    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            Array(1...25), [UInt8](repeating: 0xCD, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            Array(
                ("This is a test using a larger than block-size key and a larger than block-size data. "
                    + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
        ([], [], "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ])
    func `HMAC-SHA-256 gives the codes of RFC 4231`(key: [UInt8], message: [UInt8], code: String) throws {
        #expect(hex(try OpenSSLCryptography.hmacSHA256(key: key, message: message)) == code)
    }

    // The first 32 bytes of RFC 7914's two (section 11), and RFC 6070's passwords with SHA-256.
    @Test(arguments: [
        ("passwd", "salt", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
        ("Password", "NaCl", 80_000, "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"),
        ("password", "salt", 1, "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b"),
        ("password", "salt", 2, "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43"),
        ("password", "salt", 4096, "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a"),
        ("", "salt", 1, "f135c27993baf98773c5cdb40a5706ce6a345cde61b000a67858650cd6a324d7"),
    ])
    func `PBKDF2 gives the keys of RFC 7914 and RFC 6070`(
        password: String, salt: String, iterations: Int, key: String
    ) throws {
        let salted = try OpenSSLCryptography.saltedPassword(
            password: Array(password.utf8), salt: Array(salt.utf8), iterations: iterations)
        #expect(hex(salted) == key)
    }

    @Test(arguments: [0, -1, Int.min, Int(Int32.max) + 1, Int.max])
    func `PBKDF2 with an impossible count fails without a trap`(iterations: Int) {
        let failure = #expect(throws: OpenSSLCryptography.Failure.self) {
            try OpenSSLCryptography.saltedPassword(password: [1], salt: [2], iterations: iterations)
        }
        #expect(failure?.primitive == .saltedPassword)
        #expect(failure?.description == "OpenSSL could not provide PBKDF2-HMAC-SHA-256")
    }

    @Test func `random bytes have the length asked for and do not come again`() throws {
        for count in [0, 1, 18, 4096] { #expect(try OpenSSLCryptography.randomBytes(count).count == count) }
        #expect(try OpenSSLCryptography.randomBytes(18) != OpenSSLCryptography.randomBytes(18))
    }

    @Test func `a comparison sees the length and every byte`() {
        let bytes: [UInt8] = Array(0..<32)
        #expect(OpenSSLCryptography.isEqualInConstantTime(bytes, Array(0..<32)))
        #expect(OpenSSLCryptography.isEqualInConstantTime([], []))
        #expect(!OpenSSLCryptography.isEqualInConstantTime(bytes, Array(0..<31)))
        #expect(!OpenSSLCryptography.isEqualInConstantTime(bytes, []))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x80
            #expect(!OpenSSLCryptography.isEqualInConstantTime(bytes, changed))
        }
    }
}
