import PostgresStreaming

/// The decoders of one family of values. The first byte of the input chooses a decoder and the format, what follows is
/// the value.
struct ValueTarget: Sendable {
    /// A type of the server, the Swift type it becomes, and values of it to start from.
    struct Decoder: Sendable {
        fileprivate let seeds: [(format: PostgresCell.Format, bytes: [UInt8])]
        fileprivate let check: @Sendable ([UInt8], PostgresCell.Format) -> Void

        init<Value: PostgresDecodable & PostgresEncodable>(
            _ type: PostgresType, _ value: Value.Type, _ texts: String...
        ) {
            seeds = texts.flatMap { text in
                let text = Array(text.utf8)
                guard let value = try? Self.decode(text, type, .text, Value.self),
                    let binary = try? Self.encode(value, type, .binary)
                else { return [(PostgresCell.Format.text, text)] }
                return [(.text, text), (.binary, binary)]
            }
            check = { bytes, format in
                guard let value = try? Self.decode(bytes, type, format, Value.self),
                    let encoded = try? Self.encode(value, type, format)
                else { return }
                let again = try? Self.decode(encoded, type, format, Value.self)
                precondition(again != nil, "what was decoded and encoded can be decoded")
                let twice = again.flatMap { try? Self.encode($0, type, format) }
                precondition(twice == encoded, "a value stays what it is")
            }
        }

        private static func decode<Value: PostgresDecodable>(
            _ bytes: [UInt8], _ type: PostgresType, _ format: PostgresCell.Format, _ value: Value.Type
        ) throws(PostgresError) -> Value {
            let span = bytes.span
            return try Value(cell: PostgresCell(RawSpan(_elements: span), type: type, format: format))
        }

        /// The value in the format; nil where it is only sent in the other one.
        private static func encode<Value: PostgresEncodable>(
            _ value: Value, _ type: PostgresType, _ format: PostgresCell.Format
        ) throws(PostgresError) -> [UInt8]? {
            var bytes: [UInt8] = []
            guard format == .binary else {
                try value.encodeText(into: &bytes)
                return bytes
            }
            return try value.encode(into: &bytes, as: type) == .binary ? bytes : nil
        }
    }

    private let decoders: [Decoder]

    init(_ decoders: [Decoder]) { self.decoders = decoders }

    /// Feeds the input to the decoder that its first byte chooses.
    func run(_ input: [UInt8]) {
        guard let choice = input.first else { return }
        let decoder = decoders[Int(choice >> 1) % decoders.count]
        decoder.check(Array(input.dropFirst()), choice & 1 == 0 ? .binary : .text)
    }

    /// The values to start from, behind the byte that chooses their decoder.
    var seeds: [[UInt8]] {
        decoders.enumerated().flatMap { index, decoder in
            decoder.seeds.map { seed in [UInt8(index << 1) | (seed.format == .binary ? 0 : 1)] + seed.bytes }
        }
    }
}
