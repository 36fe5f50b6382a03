import PostgresStreaming
import PostgresTestSupport
import Testing

/// The text of floats beside the server's own.
@Suite(.timeLimit(.minutes(1))) struct FloatTextTests {
    private static let count = 4_000

    @Test(arguments: LiveServer.allCases)
    func `random doubles are written with the server's digits`(server: LiveServer) async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("↳ seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var values = (0..<Self.count).map { _ in Double(bitPattern: random.next()) }
        // Halfway between two numbers there are short ones, and powers of two have a lower neighbour that is closer.
        values += stride(from: -1074, through: 1023, by: 4).flatMap { exponent in
            let power = Double(sign: .plus, exponent: exponent, significand: 1)
            return [power, power.nextUp, power.nextDown]
        }
        values += (-30...30).flatMap { exponent in
            let power = Double("1e\(exponent)") ?? 0
            return [power, power.nextUp, power.nextDown, -power * 5, power * 123]
        }
        values += (0..<1_000).map { _ in Double(random.next() >> UInt64.random(in: 0...63, using: &random)) }
        values += (0..<1_000).map { _ in (Double(random.next() % 1_000_000_000) / 1_000).rounded() / 100 }
        values += [0, -0.0, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        try await compare(values, on: server, "seed \(seed)")
    }

    @Test(arguments: LiveServer.allCases)
    func `random floats are written with the server's digits`(server: LiveServer) async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("↳ seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var values = (0..<Self.count).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.next())) }
        values += (-149...127).flatMap { exponent in
            let power = Float(sign: .plus, exponent: exponent, significand: 1)
            return [power, power.nextUp, power.nextDown]
        }
        values += (-30...30).flatMap { exponent in
            let power = Float("1e\(exponent)") ?? 0
            return [power, power.nextUp, power.nextDown, -power * 5, power * 123]
        }
        values += (0..<1_000).map { _ in Float(random.next() >> UInt64.random(in: 0...63, using: &random)) }
        values += [0, -0.0, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        try await compare(values, on: server, "seed \(seed)")
    }

    private func compare<Value: PostgresEncodable & PostgresDecodable & BinaryFloatingPoint>(
        _ values: [Value], on server: LiveServer, _ comment: String
    ) async throws {
        let connection = try await server.connect()
        let texts = try await connection.query(
            "SELECT v::text FROM unnest(\(values)) WITH ORDINALITY AS t(v, n) ORDER BY n"
        ).decode(String.self).collect()
        try #require(texts.count == values.count)
        var wrong: [String] = []
        for (value, text) in zip(values, texts) {
            var bytes: [UInt8] = []
            try value.encodeText(into: &bytes)
            let written = String(decoding: bytes, as: UTF8.self)
            if written != text { wrong.append("\(written) instead of \(text)") }
            let read: Value = try decode(text: text, Value.postgresType)
            if read != value && !value.isNaN { wrong.append("\(text) read as \(read)") }
        }
        #expect(wrong.isEmpty, "\(comment): \(wrong.count) of \(values.count), such as \(wrong.prefix(5))")
    }
}
