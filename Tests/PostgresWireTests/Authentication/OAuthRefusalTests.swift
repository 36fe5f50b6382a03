import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct OAuthRefusalTests {
    private static func read(_ text: String) throws -> OAuthRefusal {
        try OAuthRefusal(validating: Array(text.utf8))
    }

    /// As PostgreSQL 18 writes it.
    private static let postgres = """
        { "status": "invalid_token", "openid-configuration": \
        "https://issuer.example/.well-known/openid-configuration", "scope": "openid postgres" }
        """

    @Test func `the server's own refusal is read`() throws {
        let refusal = try Self.read(Self.postgres)
        #expect(refusal.status == "invalid_token" && refusal.scope == "openid postgres")
        #expect(refusal.configurationURL == "https://issuer.example/.well-known/openid-configuration")
    }

    @Test(arguments: [
        #"{"status":"s"}"#, " \t\r\n{ \"status\" : \"s\" } \n", #"{"status":"\u0073"}"#, #"{"\u0073tatus":"s"}"#,
        #"{"a":1,"status":"s"}"#, #"{"status":"s","a":{"status":3,"b":[1,{"c":null}]}}"#,
        #"{"a":[],"b":{},"c":true,"d":false,"e":null,"f":-0.5e+10,"g":0,"h":12,"i":1E2,"status":"s"}"#,
        #"{"a":"\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00","status":"s"}"#, #"{"a":1,"a":2,"status":"s"}"#,
        #"{"a":[[[[[[[1]]]]]]],"status":"s"}"#, "{\"ä\":\"日本\",\"status\":\"s\"}",
    ])
    func `whatever else is in the object is passed over`(text: String) throws {
        let refusal = try Self.read(text)
        #expect(refusal.status == "s" && refusal.scope == nil && refusal.configurationURL == nil)
    }

    @Test(arguments: [
        "", " ", "{", "}", "[]", "null", "\"status\"", "1", "{}x", #"{"status":"s"},"#, #"{"status":"s",}"#, #"{,}"#,
        #"{"status"}"#, #"{"status":}"#, #"{"status" "s"}"#, #"{status:"s"}"#, #"{'status':'s'}"#, #"{"status":"s"}{"#,
        #"{"status":1}"#, #"{"status":null}"#, #"{"status":["s"]}"#, #"{"status":{"a":"s"}}"#,
        #"{"status":"s","scope":1}"#,
        #"{"status":"s","status":"s"}"#, #"{"status":"s","\u0073tatus":"t"}"#, #"{"status":"s"#, #"{"status":"s\"}"#,
        #"{"status":"\x"}"#, #"{"status":"\u12"}"#, #"{"status":"\u12g4"}"#, #"{"status":"\ud800"}"#,
        #"{"a":"\ud800\u0041","status":"s"}"#, #"{"a":"\udc00","status":"s"}"#, "{\"a\":\"\n\",\"status\":\"s\"}",
        #"{"a":01,"status":"s"}"#, #"{"a":1.,"status":"s"}"#, #"{"a":.5,"status":"s"}"#, #"{"a":1e,"status":"s"}"#,
        #"{"a":+1,"status":"s"}"#, #"{"a":-,"status":"s"}"#, #"{"a":tru,"status":"s"}"#, #"{"a":nul1,"status":"s"}"#,
        #"{"a":[1,],"status":"s"}"#, #"{"a":[1 2],"status":"s"}"#, #"{"a":{"b"},"status":"s"}"#,
        #"{"a":NaN,"status":"s"}"#,
        #"{"a":[[[[[[[[1]]]]]]]],"status":"s"}"#, "\u{FEFF}{\"status\":\"s\"}",
    ])
    func `what is no such object is refused`(text: String) {
        let violation = #expect(throws: ProtocolViolation.self) { try Self.read(text) }
        #expect(violation == ProtocolViolation(.authentication, "OAuth refusal is not the JSON that it should be"))
    }

    @Test(arguments: [
        (#"{"scope":"s"}"#, "lacks a status"), (#"{"status":"a\u0000b"}"#, "holds a value that is not printable"),
        (#"{"status":"s","scope":"\u001b[31m"}"#, "holds a value that is not printable"),
        (#"{"status":"ä"}"#, "holds a value that is not printable"), ("{\"status\":\"s\"}\0", "is not text"),
    ])
    func `what could not be shown or compared is refused`(text: String, problem: String) {
        let violation = #expect(throws: ProtocolViolation.self) { try Self.read(text) }
        #expect(violation?.message == "OAuth refusal \(problem)")
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        let bytes = Array(#"{"a":""#.utf8) + [0xFF] + Array(#"","status":"s"}"#.utf8)
        let violation = #expect(throws: ProtocolViolation.self) { try OAuthRefusal(validating: bytes) }
        #expect(violation?.message == "OAuth refusal is not text")
    }

    @Test func `a refusal has a longest length`() throws {
        let frame = #"{"status":"s","a":""}"#
        let room = OAuthRefusal.messageBytesMax - frame.utf8.count
        func text(_ count: Int) -> String { #"{"status":"s","a":"\#(String(repeating: "x", count: count))"}"# }
        #expect(try Self.read(text(room)).status == "s")
        let violation = #expect(throws: ProtocolViolation.self) { try Self.read(text(room + 1)) }
        #expect(violation?.message == "OAuth refusal is longer than the limit")
    }

    @Test func `brackets by the thousand do not exhaust the stack`() {
        for bracket in ["[", "{\"a\":"] {
            let text = "{\"a\":" + String(repeating: bracket, count: 800)
            #expect(throws: ProtocolViolation.self) { try Self.read(text) }
        }
    }

    @Test func `every beginning of a refusal is refused`() {
        let bytes = Array(Self.postgres.utf8)
        for count in 0..<bytes.count {
            #expect(throws: ProtocolViolation.self) { try OAuthRefusal(validating: Array(bytes[..<count])) }
        }
    }

    @Test func `damaged refusals are read or refused, and hold nothing that cannot be printed`() {
        let seed = UInt64.random(in: .min ... .max)
        print("damaged refusals: seed \(seed)")
        var mutations = ByteMutations(
            seed: seed, words: ["\"", "{", "}", "[", ":", ",", "\\u", "\\", "status", "null"])
        var accepted = 0
        for _ in 0..<20_000 {
            guard let refusal = try? OAuthRefusal(validating: mutations.next(of: Array(Self.postgres.utf8))) else {
                continue
            }
            accepted += 1
            for text in [refusal.status, refusal.scope ?? "", refusal.configurationURL ?? ""] {
                #expect(text.utf8.allSatisfy { 0x20...0x7E ~= $0 }, "seed \(seed)")
            }
        }
        #expect(accepted > 100)
    }
}
