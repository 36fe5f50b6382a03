import Foundation
import JSONTape
import PostgresTestSupport
import Testing

/// Documents that were generated, and as many that were damaged, by Foundation and by us.
@Suite struct FoundationTests {
    /// `scripts/compare-json` asks for more.
    private static let count = ProcessInfo.processInfo.environment["JSON_DOCUMENTS"].flatMap { Int($0) } ?? 3000

    private struct Tally {
        var equal = 0
        var bothRefused = 0
        var explained: [String: Int] = [:]
        var unexplained: [String] = []
    }

    @Test func `Foundation says the same of generated and of damaged documents`() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("comparing \(Self.count) documents with Foundation: seed \(seed)")
        var documents = RandomDocument(seed: seed)
        var damage = ByteMutations(
            seed: seed,
            words: [
                "\"", "\\", "\\u", "d83d", "{", "}", "[", "]", ":", ",", "0", "-", ".", "e", "1e5", "null", "true", " ",
            ])
        var tape = JSONTape()
        var tally = Tally()
        for _ in 0..<Self.count / 2 {
            let document = documents.next()
            compare(document, &tape, &tally)
            compare(damage.next(of: document), &tape, &tally)
        }
        print("equal \(tally.equal), refused by both \(tally.bothRefused), explained: \(tally.explained)")
        #expect(tally.equal > Self.count / 3 && tally.bothRefused > Self.count / 10)
        #expect(tally.unexplained.isEmpty, "seed \(seed): \(tally.unexplained.prefix(5))")
    }

    private func compare(_ document: [UInt8], _ tape: inout JSONTape, _ tally: inout Tally) {
        let ours = try? tape.decode(DynamicValue.self, from: unsafe document.span.bytes)
        let theirs = try? JSONDecoder().decode(DynamicValue.self, from: Data(document))
        guard ours != theirs else {
            if ours == nil { tally.bothRefused += 1 } else { tally.equal += 1 }
            return
        }
        if let reason = reason(document, ours, theirs) {
            tally.explained[reason, default: 0] += 1
        } else {
            tally.unexplained.append(String(decoding: document, as: UTF8.self))
        }
    }

    /// Why the two may differ, where they may.
    private func reason(_ document: [UInt8], _ ours: DynamicValue?, _ theirs: DynamicValue?) -> String? {
        if let ours, theirs == nil, ours.hasTinyNumber { return "a number that rounds to next to nothing" }
        // A mark in front, or zeros between the bytes.
        let front = document.prefix(4)
        if ours == nil, theirs != nil, front.contains(0) || front.starts(with: [0xEF, 0xBB, 0xBF]) {
            return "a document that is taken for UTF-16, UTF-32 or marked UTF-8"
        }
        if ours == nil, let theirs, let mended = withoutLastCommas(document) {
            var tape = JSONTape()
            let again = try? tape.decode(DynamicValue.self, from: unsafe mended.span.bytes)
            if again == theirs { return "a comma behind the last element or member" }
        }
        return nil
    }

    /// The document without the commas that stand before the end of an array or object; nil where there is none, or
    /// something else is wrong too.
    private func withoutLastCommas(_ document: [UInt8]) -> [UInt8]? {
        var mended = document
        while let offset = error(of: mended)?.byteOffset {
            guard offset < mended.count, [UInt8(ascii: "]"), UInt8(ascii: "}")].contains(mended[offset]),
                let last = mended[..<offset].lastIndex(where: { !" \n\r\t".utf8.contains($0) }),
                mended[last] == UInt8(ascii: ",")
            else { return nil }
            mended.remove(at: last)
        }
        return mended
    }
}
