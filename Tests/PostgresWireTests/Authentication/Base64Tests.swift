import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `the examples of RFC 4648 go both ways`(plain: String, text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == Array(text.utf8))
        #expect(Base64.decode(text.utf8) == Array(plain.utf8))
    }

    @Test func `every digit goes both ways`() {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        let bytes = Base64.decode(alphabet.utf8)
        #expect(bytes?.count == 48)
        #expect(Base64.encode(bytes ?? []) == Array(alphabet.utf8))
    }

    @Test func `bytes of every length go both ways`() {
        var generator = SeededGenerator(seed: 4648)
        for count in 0...100 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zm8", "Zg===", "=", "==", "====", "=AAA", "Z===", "Zg=a", "Zm9v=", "Zg==Zg==", "Zm9v\n",
        "Zm9v Zm9v", " Zm9v", "Zm-_", "Zm9*", "Zm9\u{0}",
    ])
    func `anything but strict base64 is refused`(text: String) {
        #expect(Base64.decode(text.utf8) == nil)
    }

    @Test(arguments: ["Zh==", "Zo==", "Zm9=", "Zm/="])
    func `stray bits in the last digit are refused`(text: String) {
        #expect(Base64.decode(text.utf8) == nil)
    }

    @Test func `bytes beyond ASCII are refused`() {
        for byte in UInt8(128)...255 { #expect(Base64.decode([65, 65, 65, byte]) == nil) }
    }
}
