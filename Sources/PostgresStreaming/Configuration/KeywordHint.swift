/// What a name that is no keyword was probably meant to be.
package enum KeywordHint: Hashable {
    /// A keyword, misspelled or under the name that another client gives it.
    case keyword(ConnectionKeyword)
    /// A run-time parameter of the server, which `options` takes.
    case serverSetting(String)
    /// Something that is set in another place, or not at all.
    case elsewhere(String)

    private static let lengthMax = 64

    /// Guesses; nil where nothing resembles the name.
    package init?(for written: String) {
        guard written.utf8.count <= Self.lengthMax else { return nil }
        let name = Self.bare(written)
        if let keyword = Self.keyword(named: name) {
            self = .keyword(keyword)
        } else if let setting = ServerSetting.named(name) {
            self = .serverSetting(setting)
        } else if let place = Self.places[name] {
            self = .elsewhere(place)
        } else if Self.isExtensionSetting(written) {
            self = .serverSetting(written)
        } else if let nearest = Self.nearest(to: name) {
            self = nearest
        } else {
            return nil
        }
    }

    /// Whether a name stands for a keyword, in the spelling of libpq or of another client.
    static func isKeyword(_ name: String) -> Bool {
        name.utf8.count <= lengthMax && keyword(named: bare(name)) != nil
    }

    /// Where the name was written, which decides how a value is quoted there.
    enum Place {
        case uri, keywordValue, serviceFile
    }

    /// The sentence for the error.
    func text(_ place: Place) -> String {
        switch self {
        case .keyword(let keyword): return "Did you mean \"\(keyword)\"?"
        case .serverSetting(let name):
            let options =
                switch place {
                case .uri: "options=-c%20\(name)%3Dvalue"
                case .keywordValue: "options='-c \(name)=value'"
                case .serviceFile: "options=-c \(name)=value"
                }
            return "\"\(name)\" is a setting of the server: write \(options)."
        case .elsewhere(let sentence): return sentence
        }
    }

    // MARK: names

    /// The letters and digits of a name in lower case: clients differ in what they write between words.
    static func bare(_ name: String) -> String {
        String(name.lowercased().filter { !"_- .".contains($0) })
    }

    private static func keyword(named name: String) -> ConnectionKeyword? { keywords[name] ?? otherNames[name] }

    private static let keywords: [String: ConnectionKeyword] = {
        var names: [String: ConnectionKeyword] = [:]
        for keyword in ConnectionKeyword.all {
            names[bare(keyword.rawValue)] = keyword
            if let variable = keyword.environmentVariable { names[bare(variable)] = keyword }
        }
        return names
    }()

    /// Extensions and applications put a dot into the names of their own settings.
    private static func isExtensionSetting(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1
            && parts.allSatisfy { part in
                part.first?.isLetter == true && part.utf8.allSatisfy(isNameByte)
            }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    // MARK: misspelled names

    /// The keyword or setting with the fewest letters to change; keywords go before settings that are as near.
    private static func nearest(to name: String) -> KeywordHint? {
        let letters = Array(name.utf8)
        let distanceMax =
            switch letters.count {
            case ..<4: 0;
            case 4...5: 1;
            case 6...8: 2;
            default: 3
            }
        var best: (hint: KeywordHint, distance: Int)?
        func consider(_ candidate: String, _ hint: KeywordHint) {
            let others = Array(candidate.utf8)
            guard abs(others.count - letters.count) <= distanceMax else { return }
            let distance = distance(others, letters)
            guard distance <= distanceMax, distance < best?.distance ?? .max else { return }
            best = (hint, distance)
        }
        for keyword in ConnectionKeyword.all { consider(bare(keyword.rawValue), .keyword(keyword)) }
        for setting in ServerSetting.all { consider(bare(setting), .serverSetting(setting)) }
        return best?.hint
    }

    /// The count of letters to insert, remove, replace or swap with the next (the "optimal string alignment" distance).
    package static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for (index, letter) in first.enumerated() {
            var row = [index + 1]
            for (column, other) in second.enumerated() {
                var cost = min(last[column] + (letter == other ? 0 : 1), last[column + 1] + 1, row[column] + 1)
                if index > 0, column > 0, letter == second[column - 1], first[index - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[second.count]
    }
}
