/// Any JSON value by way of Decodable, whoever decodes.
indirect enum DynamicValue: Decodable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string([UInt8])
    case array([DynamicValue])
    case object([[UInt8]: DynamicValue])

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Key.self) {
            var members: [[UInt8]: DynamicValue] = [:]
            for key in container.allKeys {
                members[Array(key.stringValue.utf8)] = try container.decode(DynamicValue.self, forKey: key)
            }
            self = .object(members)
        } else if var container = try? decoder.unkeyedContainer() {
            var elements: [DynamicValue] = []
            while !container.isAtEnd { elements.append(try container.decode(DynamicValue.self)) }
            self = .array(elements)
        } else {
            self = try Self.scalar(decoder.singleValueContainer())
        }
    }

    /// Whether there is a number below the smallest normal Double in it, or zero.
    var hasTinyNumber: Bool {
        switch self {
        case .number(let number): !number.isNormal
        case .array(let elements): elements.contains(where: \.hasTinyNumber)
        case .object(let members): members.values.contains(where: \.hasTinyNumber)
        default: false
        }
    }

    private static func scalar(_ container: any SingleValueDecodingContainer) throws -> DynamicValue {
        if container.decodeNil() { return .null }
        if let flag = try? container.decode(Bool.self) { return .bool(flag) }
        if let number = try? container.decode(Double.self) { return .number(number) }
        return .string(Array(try container.decode(String.self).utf8))
    }
}
