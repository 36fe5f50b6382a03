/// Passwords that have much to normalise.
package enum RandomPassword {
    /// Where something happens to a character, or happened in a version of Unicode.
    private static let ranges: [ClosedRange<UInt32>] = [
        0x01...0x7F, 0x80...0x24F, 0x2B0...0x36F, 0x370...0x3FF, 0x591...0x5F4, 0x600...0x6FF, 0x900...0xDFF,
        0xE00...0xFFF, 0x1100...0x11FF, 0x1E00...0x1FFF, 0x2000...0x206F, 0x2070...0x218F, 0x2460...0x24FF,
        0x3000...0x33FF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFB00...0xFDFF, 0xFE00...0xFFFF, 0x1D100...0x1D1FF,
        0x1D400...0x1D7FF, 0x2F800...0x2FA1F,
    ]
    private static let lettersAndMarks: [ClosedRange<UInt32>] = [0x41...0x7A, 0x300...0x345]

    /// Returns one to twelve characters of a few of the ranges; two in five of the passwords pass SASLprep.
    package static func next(using generator: inout SeededGenerator) -> String {
        let length = Int.random(in: 1...12, using: &generator)
        var ranges = (0..<2).compactMap { _ in Self.ranges.randomElement(using: &generator) }
        if Bool.random(using: &generator) { ranges += lettersAndMarks }
        var scalars = String.UnicodeScalarView()
        while scalars.count < length {
            guard let range = ranges.randomElement(using: &generator),
                let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator))
            else { continue }
            scalars.append(scalar)
        }
        return String(scalars)
    }
}
