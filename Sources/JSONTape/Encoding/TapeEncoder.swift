/// The encoder of one value.
struct TapeEncoder: Encoder {
    let node: EncodingNode
    let codingPath: [any CodingKey]
    let options: JSONEncodingOptions

    var userInfo: [CodingUserInfoKey: Any] { options.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.becomeObject()
        return KeyedEncodingContainer(TapeKeyedEncodingContainer(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.becomeArray()
        return TapeUnkeyedEncodingContainer(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func nested(_ key: any CodingKey) -> TapeEncoder {
        TapeEncoder(node: node.member(name(key)), codingPath: codingPath + [key], options: options)
    }

    func member(_ name: String) -> TapeEncoder {
        let path = codingPath + [TapeKey(stringValue: name)]
        return TapeEncoder(node: node.member(name), codingPath: path, options: options)
    }

    func appended() -> TapeEncoder {
        let key = TapeKey(intValue: node.count)
        return TapeEncoder(node: node.appendElement(), codingPath: codingPath + [key], options: options)
    }

    private func name(_ key: any CodingKey) -> String {
        switch options.keys {
        case .asWritten: key.stringValue
        case .convertToSnakeCase: key.stringValue.convertedToSnakeCase
        }
    }

    private var path: [JSONPathStep] {
        codingPath.map { key in key.intValue.map { .index($0) } ?? .key(key.stringValue) }
    }

    /// Writes a value of any type.
    func encode(_ value: some Encodable) throws {
        if !options.conversions.isEmpty, let convert = options.conversions[ObjectIdentifier(type(of: value))] {
            return try write(converting: { output in try convert(value, &output) })
        }
        if let scalar = value as? any JSONScalarEncodable {
            return try write(converting: { output in try scalar.encodeJSON(into: &output) })
        }
        if case .convertToSnakeCase = options.keys, let dictionary = value as? any EncodableStringDictionary {
            return try dictionary.encodeMembers(self)
        }
        try value.encode(to: self)
    }

    private func write(converting body: (inout JSONOutput) throws -> Void) throws {
        var output = JSONOutput()
        try body(&output)
        guard !output.bytes.isEmpty else {
            throw JSONError(.notEncodable, "a conversion writes nothing", path: path)
        }
        node.set(output.bytes)
    }

    func write(_ body: (inout JSONOutput) -> Void) {
        var output = JSONOutput()
        body(&output)
        node.set(output.bytes)
    }

    func float(_ number: some BinaryFloatingPoint & CustomStringConvertible) throws {
        var output = JSONOutput()
        if !output.append(number) {
            guard case .strings(let positive, let negative, let nan) = options.nonConformingFloats else {
                throw JSONError(.notEncodable, "JSON has neither infinities nor NaN", path: path)
            }
            output.write(number.isNaN ? nan : number < 0 ? negative : positive)
        }
        node.set(output.bytes)
    }
}

extension TapeEncoder: SingleValueEncodingContainer {
    func encodeNil() throws { node.set(Array("null".utf8)) }
    func encode(_ value: Bool) throws { write { $0.append(value) } }
    func encode(_ value: String) throws { write { $0.write(value) } }
    func encode(_ value: Double) throws { try float(value) }
    func encode(_ value: Float) throws { try float(value) }
    func encode(_ value: Int) throws { write { $0.write(value) } }
    func encode(_ value: Int8) throws { write { $0.write(value) } }
    func encode(_ value: Int16) throws { write { $0.write(value) } }
    func encode(_ value: Int32) throws { write { $0.write(value) } }
    func encode(_ value: Int64) throws { write { $0.write(value) } }
    func encode(_ value: Int128) throws { write { $0.write(value) } }
    func encode(_ value: UInt) throws { write { $0.write(value) } }
    func encode(_ value: UInt8) throws { write { $0.write(value) } }
    func encode(_ value: UInt16) throws { write { $0.write(value) } }
    func encode(_ value: UInt32) throws { write { $0.write(value) } }
    func encode(_ value: UInt64) throws { write { $0.write(value) } }
    func encode(_ value: UInt128) throws { write { $0.write(value) } }
}

extension String {
    /// The name with its words apart and in small letters; a run of capitals is one word.
    fileprivate var convertedToSnakeCase: String {
        var name = ""
        let characters = Array(self)
        for (position, character) in characters.enumerated() {
            if character.isUppercase, position > 0, characters[position - 1] != "_" {
                let followsSmall = !characters[position - 1].isUppercase
                let precedesSmall = position + 1 < characters.count && characters[position + 1].isLowercase
                if followsSmall || precedesSmall { name += "_" }
            }
            name += character.lowercased()
        }
        return name
    }
}
