import PostgresWire

extension PostgresQuery {
    /// The parameters' values as a person reads them: text as it is, numbers and truth values in words, of everything else
    /// the type and its length. For people who debug; values may be secret.
    package var parameterTexts: [String] {
        var texts: [String] = []
        var rest = parameters.cells[...]
        for (oid, format) in zip(parameters.typeOIDs, parameters.formats) {
            let length = Int32(bigEndian: Self.number(rest.prefix(4)))
            rest = rest.dropFirst(4)
            guard length >= 0 else {
                texts.append("NULL")
                continue
            }
            let bytes = rest.prefix(Int(length))
            rest = rest.dropFirst(Int(length))
            texts.append(Self.text(of: bytes, PostgresType(rawValue: oid), format))
        }
        return texts
    }

    private static func text(of bytes: ArraySlice<UInt8>, _ type: PostgresType, _ format: FormatCode) -> String {
        if format == .text { return String(decoding: bytes, as: UTF8.self) }
        return switch type {
        case .int2: "\(Int16(bigEndian: number(bytes)))"
        case .int4: "\(Int32(bigEndian: number(bytes)))"
        case .int8: "\(Int64(bigEndian: number(bytes)))"
        case .float4: "\(Float(bitPattern: UInt32(bigEndian: number(bytes))))"
        case .float8: "\(Double(bitPattern: UInt64(bigEndian: number(bytes))))"
        case .bool: bytes.first == 1 ? "true" : "false"
        default: "\(type) of \(bytes.count) bytes"
        }
    }

    /// The bytes as a number in the order in which they lie; zero where they are not as many as it has.
    private static func number<Number: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) -> Number {
        guard bytes.count == MemoryLayout<Number>.size else { return 0 }
        let value = bytes.reduce(Number(0)) { $0 << 8 | Number(truncatingIfNeeded: $1) }
        return Number(bigEndian: value)
    }
}
