import JSONTape
import PostgresTestSupport
import Testing

@Suite struct GrammarTests {
    @Test func `what the grammar has is accepted`() {
        for document in GrammarCases.accepted {
            #expect(isAccepted(document), "\(String(decoding: document, as: UTF8.self))")
        }
    }

    @Test func `what the grammar has not is refused`() {
        for document in GrammarCases.refused {
            #expect(error(of: document)?.code == .syntax, "\(String(decoding: document, as: UTF8.self))")
        }
    }

    @Test func `what the grammar leaves open is decided`() {
        for choice in GrammarCases.choices {
            let document = String(decoding: choice.document, as: UTF8.self)
            #expect(isAccepted(choice.document) == choice.isAccepted, "\(document.prefix(40)): \(choice.reason)")
        }
    }

    @Test func `there are more than three hundred different cases`() {
        let all = GrammarCases.accepted + GrammarCases.refused + GrammarCases.choices.map(\.document)
        #expect(Set(all).count >= 400)
    }

    /// Python's parser, told to refuse what it adds to the grammar.
    private static let program = """
        json, sys = __import__("json"), __import__("sys")
        def refuse(word):
            raise ValueError(word)
        for line in sys.argv[1].split():
            try:
                text = bytes.fromhex(line[1:]).decode("utf-8")
                json.loads(text, parse_constant=refuse, parse_int=str, parse_float=str)
                print("1")
            except ValueError:
                print("0")
        """

    @Test func `Python's strict parser agrees`() async throws {
        let documents = GrammarCases.accepted + GrammarCases.refused
        // A letter in front, because a document may be empty.
        let words = documents.map { document in
            "x" + document.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        let answers = try await Python.lines(of: Self.program, [words.joined(separator: " ")])
        try #require(answers.count == documents.count)
        for (document, answer) in zip(documents, answers) {
            #expect((answer == "1") == isAccepted(document), "\(String(decoding: document, as: UTF8.self))")
        }
    }

    @Test func `an accepted document is accepted anywhere within another`() {
        for document in GrammarCases.accepted {
            for (front, back) in [
                ("[", "]"), (#"{"k":"#, "}"), ("[ 1, ", " , 2 ]"), (#"{"a": {"bc": "#, #"}, "d": [0]}"#),
            ] {
                let whole = Array(front.utf8) + document + Array(back.utf8)
                #expect(isAccepted(whole), "\(String(decoding: whole, as: UTF8.self))")
            }
        }
    }

    @Test func `strings of every length end at every offset`() {
        for count in 0...40 {
            let text = String("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH".prefix(count))
            for indentation in 0...9 {
                let document = String(repeating: " ", count: indentation) + "[\"\(text)\"]"
                #expect((try? JSONTape.decode([String].self, from: document)) == [text])
                // A quote, a backslash, a control character and a letter beyond ASCII in each place.
                for special in [#"\""#, #"\\"#, "\u{1}", "é", "\u{80}", "😀"] {
                    let place = text.index(text.startIndex, offsetBy: count / 2)
                    let changed = text[..<place] + special + text[place...]
                    let decoded = try? JSONTape.decode([String].self, from: "[\"\(changed)\"]")
                    let expected =
                        text[..<place] + (special.first == "\\" ? special.dropFirst() : special[...]) + text[place...]
                    #expect(decoded == (special == "\u{1}" ? nil : [String(expected)]))
                }
            }
        }
    }
}
