import PostgresTestSupport

/// Records and data with everything in them that the formats treat in a way of its own.
struct CopySamples {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private static let characters: [Character] =
        (1..<0x20).map { Character(Unicode.Scalar(UInt8($0))) }
        + Array("\\\\\\\"\"''NxX0179.,,;|\t\t\n\r abé👍\u{7F}\u{2028}\u{FEFF}\u{E000}")
    private static let wholes = ["", "\\.", "\\N", "NULL", "nil", "\"\"", "\"", "\r\n", "\\", "\\\\N", " ", ","]

    /// Returns a value, or NULL.
    mutating func value() -> String? {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: return nil
        case 1: return Self.wholes.randomElement(using: &generator)
        default:
            let length = Int.random(in: 0..<12, using: &generator)
            return String((0..<length).map { _ in Self.characters.randomElement(using: &generator) ?? "a" })
        }
    }

    /// Returns records of three values.
    mutating func records(_ count: Int) -> [[String?]] {
        (0..<count).map { _ in [value(), value(), value()] }
    }

    /// Returns lines of mostly two fields, put together from these pieces, that mostly end alike.
    mutating func data(delimiter: String, pieces: [String]) -> [UInt8] {
        let end = ["\n", "\n", "\r\n", "\r"].randomElement(using: &generator) ?? "\n"
        var data = ""
        for _ in 0..<Int.random(in: 0..<4, using: &generator) {
            data += field(pieces)
            for _ in 0..<(Int.random(in: 0..<12, using: &generator) == 0 ? 2 : 1) { data += delimiter + field(pieces) }
            data += Int.random(in: 0..<10, using: &generator) == 0 ? "" : end
        }
        if Int.random(in: 0..<6, using: &generator) == 0 { data += "\\." + end + field(pieces) }
        return Array(data.utf8)
    }

    private mutating func field(_ pieces: [String]) -> String {
        (0..<Int.random(in: 0..<4, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }
            .joined()
    }
}
