import JSONTape
import PostgresTestSupport
import Testing

@Suite struct LimitTests {
    private static func nested(_ depth: Int, _ open: String = "[", _ close: String = "]") -> [UInt8] {
        Array((String(repeating: open, count: depth) + String(repeating: close, count: depth)).utf8)
    }

    @Test func `no document is deeper than the limit`() {
        var limits = JSONLimits()
        for depthMax in [0, 1, 2, 64] {
            limits.depthMax = depthMax
            #expect(depthMax == 0 || isAccepted(Self.nested(depthMax), limits: limits))
            let error = error(of: Self.nested(depthMax + 1), limits: limits)
            #expect(error?.code == .limitExceeded)
            #expect(error?.byteOffset == depthMax)
        }
        limits.depthMax = 0
        #expect(isAccepted(Array("1".utf8), limits: limits))
        limits.depthMax = .max
        #expect(limits.depthMax == 4096)
        limits.depthMax = -5
        #expect(limits.depthMax == 0)
    }

    @Test(.disabled(if: Sanitizer.isOn, "its frames take several times the stack"))
    func `a document as deep as can be is read, compared, hashed, decoded and let go`() throws {
        var limits = JSONLimits()
        limits.depthMax = 4096
        let document = Self.nested(2048, #"{"a":["#, "]}")
        let value = try JSONValue(parsing: unsafe document.span.bytes, limits: limits)
        #expect(value == value.detached())
        #expect(Set([value, value.detached()]).count == 1)
        struct Level: Decodable { let a: [Level] }
        let level = try value.decode(Level.self)
        #expect(level.a.count == 1)
    }

    @Test func `a million open brackets are refused at once`() {
        #expect(error(of: [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20))?.code == .limitExceeded)
        #expect(error(of: Array(String(repeating: #"{"a":"#, count: 1 << 18).utf8))?.byteOffset == 512 * 5)
    }

    @Test func `no document is longer than the limit`() {
        var limits = JSONLimits()
        limits.bytesMax = 10
        #expect(isAccepted(Array("[1,2,3,45]".utf8), limits: limits))
        #expect(error(of: Array("[1,2,3,4,5]".utf8), limits: limits)?.code == .limitExceeded)
        limits.bytesMax = .max
        #expect(limits.bytesMax == 1 << 30)
    }

    /// Documents that a careless parser takes quadratic time for. At a megabyte each, the test would not end.
    @Test(arguments: [
        "many names", "one name many times", "many escaped names", "many elements", "one long string",
        "one string of escapes", "one long number", "one long exponent", "whitespace", "deep and wide", "zeros",
    ])
    func `time is linear in the document's length`(kind: String) throws {
        let value = try JSONValue(parsing: Self.adversarial(kind, count: 1 << 17))
        #expect(value == value.detached())
        _ = value.hashValue
        _ = value.count
        _ = try? value.decode([String: Int].self)
        _ = try? value.decode([String: Decimal].self)
        _ = try? value.decode(Decimal.self)
    }

    /// Decodable, but not by a way of its own.
    private struct Decimal: Decodable {
        let number: Double
        init(from decoder: any Decoder) throws { number = try decoder.singleValueContainer().decode(Double.self) }
    }

    private static func adversarial(_ kind: String, count: Int) -> String {
        switch kind {
        // Backwards, so that the names do not ascend.
        case "many names": "{" + (0..<count / 8).map { "\"\(count - $0)\":\($0)" }.joined(separator: ",") + "}"
        case "one name many times": "{" + repeatElement(#""a":1"#, count: count / 8).joined(separator: ",") + "}"
        case "many escaped names": "{" + (0..<count / 8).map { "\"\\u0061\($0)\":\($0)" }.joined(separator: ",") + "}"
        case "many elements": "[" + repeatElement("1", count: count).joined(separator: ",") + "]"
        case "one long string": "\"" + String(repeating: "é", count: count) + "\""
        case "one string of escapes": "\"" + String(repeating: #"\ud83d\ude00"#, count: count / 4) + "\""
        case "one long number": String(repeating: "7", count: count)
        case "one long exponent": "1e" + String(repeating: "7", count: count)
        case "whitespace":
            String(repeating: " \n\t\r", count: count) + "1" + String(repeating: "        ", count: count)
        case "deep and wide":
            String(repeating: "[0,{\"a\":", count: 200) + "[" + repeatElement("[]", count: count).joined(separator: ",")
                + "]" + String(repeating: "}]", count: 200)
        default: "0." + String(repeating: "0", count: count) + "1e" + "\(count)"
        }
    }
}
