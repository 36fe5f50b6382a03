extension JSONValue: Hashable {
    /// Whether the two are the same value, as `jsonb` compares them: numbers by what they are worth, exactly, so that
    /// `1`, `1.0` and `10e-1` are equal; objects without regard to the order of their members; strings scalar by scalar.
    public static func == (one: JSONValue, other: JSONValue) -> Bool { one.view.isEqual(to: other.view) }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) { view.hash(into: &hasher) }
}

extension JSONView {
    /// Whether the two are the same value, as ``JSONValue`` compares them. Linear in what the two hold.
    public func isEqual(to other: JSONView) -> Bool {
        guard kind == other.kind else { return false }
        switch kind {
        case .null: return true
        case .bool: return entry.has(TapeEntry.isTrue) == other.entry.has(TapeEntry.isTrue)
        case .number: return isSameNumber(as: other)
        case .string: return StringText(document, entry).isEqual(to: StringText(other.document, other.entry))
        case .array: return hasSameElements(as: other)
        case .object: return hasSameMembers(as: other)
        }
    }

    private func isSameNumber(as other: JSONView) -> Bool {
        let (one, two) = (DecimalText(document, entry), DecimalText(other.document, other.entry))
        guard one.isBeyondMeasure || two.isBeyondMeasure else { return one.isEqual(to: two) }
        // What such an exponent is worth nobody can count; so they have to be written alike.
        return entry.byteCount == other.entry.byteCount
            && document.isEqual(entry.start, to: other.document, other.entry.start, count: Int(entry.byteCount))
    }

    private func hasSameElements(as other: JSONView) -> Bool {
        guard entry.extent == other.entry.extent || count == other.count else { return false }
        var (one, two) = (JSONElements(self), JSONElements(other))
        while let element = one.next() {
            guard let counterpart = two.next(), element.isEqual(to: counterpart) else { return false }
        }
        return two.next() == nil
    }

    private func hasSameMembers(as other: JSONView) -> Bool {
        guard count == other.count else { return false }
        var one = JSONMembers(self)
        var two = JSONMembers(other)
        while let member = one.next() {
            // In the same order each is found at once. Where it is not, the rest is looked up by name.
            guard let counterpart = two.next() else { return false }
            guard
                StringText(document, tape[member.index]).isEqual(
                    to: StringText(other.document, other.tape[counterpart.index]))
            else { return hasSameMembersInAnyOrder(as: other) }
            guard member.value.isEqual(to: counterpart.value) else { return false }
        }
        return true
    }

    private func hasSameMembersInAnyOrder(as other: JSONView) -> Bool {
        var places: [[UInt8]: Int] = [:]
        var theirs = JSONMembers(other)
        while let member = theirs.next() { places[member.nameBytes] = member.index + 1 }
        var ours = JSONMembers(self)
        while let member = ours.next() {
            guard let place = places[member.nameBytes],
                member.value.isEqual(to: JSONView(other.document, other.tape, place))
            else { return false }
        }
        return true
    }

    /// Hashes what `isEqual` compares.
    func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        switch kind {
        case .null: break
        case .bool: hasher.combine(entry.has(TapeEntry.isTrue))
        case .number:
            let number = DecimalText(document, entry)
            hasher.combine(number.digitCount)
            hasher.combine(number.exponent)
            number.forEachDigit { hasher.combine($0) }
        case .string: StringText(document, entry).forEachByte { hasher.combine($0) }
        case .array:
            var elements = JSONElements(self)
            while let element = elements.next() { element.hash(into: &hasher) }
        case .object:
            // The sum does not depend on the order.
            var sum = 0
            var members = JSONMembers(self)
            while let member = members.next() {
                var own = Hasher()
                own.combine(member.nameBytes)
                member.value.hash(into: &own)
                sum &+= own.finalize()
            }
            hasher.combine(sum)
        }
    }
}

extension JSONMember {
    /// The name's UTF-8, its escapes resolved.
    fileprivate var nameBytes: [UInt8] {
        var bytes: [UInt8] = []
        StringText(document, tape[index]).forEachByte { bytes.append($0) }
        return bytes
    }
}
