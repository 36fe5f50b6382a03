import ConfigText
import Testing

@Suite struct ConfigLimitsTests {
    @Test func `limits stay within what a reader can keep`() {
        var limits = ConfigLimits()
        limits.depthMax = 1 << 20
        limits.bytesMax = -1
        #expect(limits.depthMax == 128)
        #expect(limits.bytesMax == 0)
    }
}
