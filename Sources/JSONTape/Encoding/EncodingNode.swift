/// A value that is being put together. Containers may be filled in any order and at the same time, so the text is
/// written at the end.
final class EncodingNode {
    private enum Content {
        case nothing
        case text([UInt8])
        case array([EncodingNode])
        case object([(name: String, value: EncodingNode)])
    }

    private var content = Content.nothing
    private var places: [String: Int] = [:]

    var isEmpty: Bool {
        guard case .nothing = content else { return false }
        return true
    }

    var count: Int {
        guard case .array(let elements) = content else { return 0 }
        return elements.count
    }

    func set(_ text: [UInt8]) { content = .text(text) }

    func becomeArray() {
        if case .array = content { return }
        content = .array([])
    }

    func becomeObject() {
        if case .object = content { return }
        content = .object([])
    }

    func appendElement() -> EncodingNode {
        guard case .array(var elements) = content else { return self }
        // The only copy, so that it grows in place.
        content = .nothing
        let node = EncodingNode()
        elements.append(node)
        content = .array(elements)
        return node
    }

    /// A member of that name; the same one where it is there already.
    func member(_ name: String) -> EncodingNode {
        guard case .object(var members) = content else { return self }
        if let place = places[name] { return members[place].value }
        content = .nothing
        let node = EncodingNode()
        places[name] = members.count
        members.append((name, node))
        content = .object(members)
        return node
    }

    func append(to bytes: inout [UInt8]) {
        switch content {
        // A value within another that writes nothing is an object without members, as with JSONEncoder.
        case .nothing: bytes.append(contentsOf: "{}".utf8)
        case .text(let text): bytes += text
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (position, element) in elements.enumerated() {
                if position > 0 { bytes.append(UInt8(ascii: ",")) }
                element.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (position, member) in members.enumerated() {
                if position > 0 { bytes.append(UInt8(ascii: ",")) }
                JSONOutput.append(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}
