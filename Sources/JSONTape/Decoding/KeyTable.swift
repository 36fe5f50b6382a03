/// The members of one object by coding key.
final class KeyTable {
    private(set) var names: [String] = []
    private var values: [Name: Int] = [:]

    /// Smaller objects are searched in the order of their members, which is mostly the order that is asked in.
    private static let searchedEntriesMax = 128

    /// Names that differ in their scalars are different, even where Swift takes the texts for equal.
    private struct Name: Hashable {
        let text: String
        static func == (one: Name, other: Name) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }
        func hash(into hasher: inout Hasher) { for byte in text.utf8 { hasher.combine(byte) } }
    }

    /// Makes a table where a search would not do.
    static func needed(for context: DecodingContext, object: Int, end: Int) -> KeyTable? {
        let names: [String]
        switch context.options.keys {
        case .asWritten:
            guard end - object > searchedEntriesMax else { return nil }
            names = self.names(context, object)
        case .convertFromSnakeCase: names = self.names(context, object).map(\.convertedFromSnakeCase)
        case .custom(let convert):
            let path = context.codingPath(to: object)
            names = self.names(context, object).map { convert(path + [TapeKey(stringValue: $0)]).stringValue }
        }
        return KeyTable(context, object, names)
    }

    private init(_ context: DecodingContext, _ object: Int, _ names: [String]) {
        let entries =
            (try? context.withView(object) { json -> [Int] in
                var members = JSONMembers(copy json)
                var entries: [Int] = []
                while let member = members.next() { entries.append(member.index + 1) }
                return entries
            }) ?? []
        // Of names that become the same the first counts.
        for (name, entry) in zip(names, entries) where values.updateValue(entry, forKey: Name(text: name)) == nil {
            self.names.append(name)
        }
    }

    func find(_ name: String) -> Int { values[Name(text: name)] ?? -1 }

    /// The names of the members as they are written.
    static func names(_ context: DecodingContext, _ object: Int) -> [String] {
        (try? context.withView(object) { json -> [String] in
            var members = JSONMembers(copy json)
            var names: [String] = []
            while let member = members.next() { names.append(member.name) }
            return names
        }) ?? []
    }
}

extension String {
    /// The name without underscores between its words, which begin with a capital instead; all but the first.
    fileprivate var convertedFromSnakeCase: String {
        guard contains("_"), let first = firstIndex(where: { $0 != "_" }), let last = lastIndex(where: { $0 != "_" })
        else { return self }
        let words = self[first...last].split(separator: "_")
        guard words.count > 1 else { return self }
        let capitalized = words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }
        return self[..<first] + words[0].lowercased() + capitalized.joined() + self[index(after: last)...]
    }
}
