import PostgresTestSupport
import PostgresWire
import Testing

/// The same steps in Python, with its own tables and its own normalisation.
@Suite(.timeLimit(.minutes(10))) struct SASLprepPythonTests {
    private static let program = """
        from functools import cache
        from itertools import chain, groupby
        from stringprep import in_table_a1, in_table_b1, in_table_d1, in_table_d2
        from stringprep import in_table_c12, in_table_c21_c22, in_table_c3, in_table_c4, in_table_c5
        from stringprep import in_table_c6, in_table_c7, in_table_c8, in_table_c9
        from sys import argv
        from unicodedata import normalize

        REFUSED = [in_table_a1, in_table_c12, in_table_c21_c22, in_table_c3, in_table_c4, in_table_c5]
        REFUSED += [in_table_c6, in_table_c7, in_table_c8, in_table_c9]

        @cache
        def is_refused(character):
            return any(test(character) for test in REFUSED)

        def mapped(character):
            if in_table_c12(character):
                return " "
            return "" if in_table_b1(character) else character

        def saslprep(text):
            if text.isascii():
                return text
            result = "".join(map(mapped, text))
            if not result or any(map(is_refused, result)):
                return None
            if any(map(in_table_d1, result)):
                if any(map(in_table_d2, result)):
                    return None
                if not in_table_d1(result[0]) or not in_table_d1(result[-1]):
                    return None
            return normalize("NFKC", result)

        """

    @Test func `every scalar is refused, kept or normalised as by Python`() async throws {
        // The soft hyphen vanishes where the scalar is allowed, and so tells those apart that are kept or refused.
        let lines = try await Python.lines(
            of: Self.program + """
                def outcome(code):
                    prepared = saslprep(chr(code) + "\\u00AD")
                    if prepared is None:
                        return "refused"
                    return "kept" if prepared == chr(code) else prepared.encode().hex()

                codes = chain(range(0xD800), range(0xE000, 0x110000))
                for outcome, run in groupby(map(outcome, codes)):
                    print(len(list(run)), outcome)
                """)
        #expect(lines.count > 4000)
        var scalars = (UInt32(0)...0x10FFFF).lazy.compactMap(Unicode.Scalar.init).makeIterator()
        for line in lines {
            let words = line.split(separator: " ")
            for _ in 0..<(try #require(Int(words[0]))) {
                let next = scalars.next()
                let scalar = Array((try #require(next)).utf8)
                expect(scalar + [0xC2, 0xAD], becomes: words[1], keeping: scalar)
            }
        }
        #expect(scalars.next() == nil)
    }

    @Test func `random passwords are prepared as by Python`() async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("random passwords: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let passwords = (0..<4000).map { _ in Array(RandomPassword.next(using: &generator).utf8) }
        let lines = try await Python.lines(
            of: Self.program + """
                for argument in argv[1:]:
                    prepared = saslprep(bytes.fromhex(argument).decode())
                    print("refused" if prepared is None else prepared.encode().hex())
                """, passwords.map(hexadecimal))
        try #require(lines.count == passwords.count)
        for (password, line) in zip(passwords, lines) { expect(password, becomes: line, keeping: password) }
        let refused = lines.count { $0 == "refused" }
        #expect((1000...3000).contains(refused), "seed \(seed)")
    }

    private func expect(_ password: [UInt8], becomes outcome: Substring, keeping kept: [UInt8]) {
        let expected =
            switch outcome {
            case "refused": password
            case "kept": kept
            default: bytes(ofHexadecimal: outcome)
            }
        let prepared = SASLprep.prepare(password)
        guard prepared != expected else { return }
        let bytes = [password, prepared, expected].map(hexadecimal)
        Issue.record("\(bytes[0]) became \(bytes[1]), and by Python \(bytes[2])")
    }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

private func bytes(ofHexadecimal text: Substring) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 1, to: digits.count, by: 2).map { UInt8(digits[$0 - 1] * 16 + digits[$0]) }
}
