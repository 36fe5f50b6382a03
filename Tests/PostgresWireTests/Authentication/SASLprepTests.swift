import PostgresWire
import Testing

@Suite struct SASLprepTests {
    @Test(arguments: ["", "pencil", "p,e=n\"c il~", "\u{1}\u{7F}"])
    func `an ASCII password is unchanged`(password: String) {
        #expect(SASLprep.prepare(password) == Array(password.utf8))
    }

    @Test func `a password beyond ASCII is its UTF-8, neither composed nor mapped`() {
        #expect(SASLprep.prepare("p\u{E4}ss") == [0x70, 0xC3, 0xA4, 0x73, 0x73])
        #expect(SASLprep.prepare("pa\u{308}ss") == [0x70, 0x61, 0xCC, 0x88, 0x73, 0x73])
        #expect(SASLprep.prepare("I\u{AD}X\u{A0}") == [0x49, 0xC2, 0xAD, 0x58, 0xC2, 0xA0])
    }
}
