import PostgresTestSupport
import PostgresWire
import Testing

/// What is found eight bytes at a time is what is found one by one.
@Suite struct BulkSearchTests {
    @Test func `a byte is found wherever it stands, the first and the last`() {
        for count in 0...40 {
            for place in 0..<count {
                for second in place..<count {
                    var bytes = [UInt8](repeating: 1, count: count)
                    bytes[place] = 0
                    bytes[second] = 0
                    #expect(bytes.rawSpan.firstIndex(of: 0) == place && bytes.rawSpan.lastIndex(of: 0) == second)
                    #expect(bytes.rawSpan.firstIndex(of: 0, from: place + 1) == (second > place ? second : nil))
                }
            }
            let none = [UInt8](repeating: 1, count: count)
            #expect(none.rawSpan.firstIndex(of: 0) == nil && none.rawSpan.lastIndex(of: 0) == nil)
        }
    }

    @Test func `bytes that differ in a bit are not the same`() {
        for byte in UInt8.min...UInt8.max {
            for other in UInt8.min...UInt8.max where other != byte {
                let bytes = [UInt8](repeating: other, count: 19)
                guard bytes.rawSpan.contains(byte) || bytes.rawSpan.lastIndex(of: byte) != nil else { continue }
                Issue.record("\(byte) is found among \(other)")
            }
        }
    }

    @Test func `a word is found wherever it stands, in either case`() {
        for count in 0...40 {
            for place in 0...count {
                for word in ["acl", "ACL", "aCl", "nitprivs", "NITPRIVS"] {
                    let (before, after) = (String(repeating: "x", count: place), String(repeating: "y", count: count))
                    let text = before + word + after.dropFirst(place)
                    #expect(text.withBytes { $0.contains(word: "acl", or: "nitprivs") }, "\(text)")
                }
            }
        }
    }

    @Test func `what only begins like a word is not taken for it`() {
        for text in ["", "ac", "nitpriv", "nitprivt", "a.c.l", "xxxxxxnitxxxxnitpriv", "acacacacacacacac", "cl acacl"] {
            let isThere = text.lowercased().contains("acl")
            #expect(text.withBytes { $0.contains(word: "acl", or: "nitprivs") } == isThere, "\(text)")
            #expect(text.withBytes { $0.contains(word: "acl") } == isThere, "\(text)")
        }
    }

    @Test func `texts made at random are searched as byte by byte`() {
        let seed = UInt64.random(in: .min ... .max)
        print("texts to search: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                Array("aclACLpg_xni".utf8).randomElement(using: &generator) ?? 0
            }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.withBytes { $0.contains(word: "acl") } == text.lowercased().contains("acl"), "\(text)")
            #expect(text.withBytes { $0.contains(word: "pg_") } == text.lowercased().contains("pg_"), "\(text)")
            #expect(bytes.rawSpan.firstIndex(of: UInt8(ascii: "_")) == bytes.firstIndex(of: UInt8(ascii: "_")))
        }
    }
}
