import ConfigText
import PostgresStreaming

/// Reads the tree of a file by the keys that a registry's document may have. Every problem is noted, and reading goes on.
struct DocumentReader {
    private let file: DocumentFile
    private(set) var contents = DocumentContents()
    /// The files that this one includes, each with where it is named.
    private(set) var includes: [(path: String, place: RegistryPlace)] = []
    private(set) var problems = ProblemList()

    private static let rootKeys = [
        "version", "environment", "include", "connections", "templates", "environments", "groups",
    ]
    private static let environmentKeys = ["protected", "connections", "templates"]
    private static let includesMax = 16

    /// Reads a file.
    init(_ file: DocumentFile) {
        self.file = file
        contents.files = [file.name]
        readRoot()
    }

    private mutating func readRoot() {
        guard let root = mapping(file.root, "the document", orNothing: true) else { return }
        for entry in root.entries {
            switch entry.key.text {
            case "version": readVersion(entry.value)
            case "environment":
                contents.environment = setting("environment", entry.value, .entry)
            case "include": readIncludes(entry.value)
            case "connections":
                contents.connections = sections(entry.value, "connection") { _ in .entry }
            case "templates":
                contents.templates = sections(entry.value, "template") { .template($0, environment: nil) }
            case "environments": readEnvironments(entry.value)
            case "groups": readGroups(entry.value)
            default: unknown(entry.key, among: Self.rootKeys)
            }
        }
    }

    private mutating func readVersion(_ node: ConfigNode) {
        guard let text = text(node, "version") else { return }
        if text != "1" {
            problems.add("version of the document is not 1", at: file.place(node.position))
        }
    }

    private mutating func readIncludes(_ node: ConfigNode) {
        let items = node.sequence?.items ?? [node]
        for item in items {
            guard let path = text(item, "include") else { continue }
            guard includes.count < Self.includesMax else {
                problems.add("more than \(Self.includesMax) files are included", at: file.place(item.position))
                return
            }
            includes.append((file.path(path), file.place(item.position)))
        }
    }

    private mutating func readEnvironments(_ node: ConfigNode) {
        for entry in named(node, "environment") {
            guard let fields = mapping(entry.value, "environment \"\(entry.key.text)\"", orNothing: true) else {
                continue
            }
            let name = entry.key.text
            var environment = DocumentContents.Environment(place: file.place(entry.key.position))
            for field in fields.entries {
                switch field.key.text {
                case "protected": environment.isProtected = setting("protected", field.value, .overlay(name))
                case "connections":
                    environment.connections = sections(field.value, "connection") { _ in .overlay(name) }
                case "templates":
                    environment.templates = sections(field.value, "template") { .template($0, environment: name) }
                default: unknown(field.key, among: Self.environmentKeys)
                }
            }
            contents.environments[name] = environment
        }
    }

    private mutating func readGroups(_ node: ConfigNode) {
        for entry in named(node, "group") {
            guard let members = entry.value.sequence else {
                problems.add(
                    "group \"\(entry.key.text)\" is no list", hint: "Write the names of connections: [orders, stock].",
                    at: file.place(entry.value.position))
                continue
            }
            contents.groups[entry.key.text] = members.items.compactMap { setting("groups", $0, .entry) }
        }
    }

    // MARK: sections

    private mutating func sections(
        _ node: ConfigNode, _ kind: String, _ layer: (String) -> SettingLayer
    ) -> [String: DocumentContents.Section] {
        var sections: [String: DocumentContents.Section] = [:]
        for entry in named(node, kind) {
            guard sections.count < DocumentContents.connectionsMax else {
                problems.add(
                    "document has more than \(DocumentContents.connectionsMax) connections",
                    at: file.place(entry.key.position))
                break
            }
            sections[entry.key.text] = section(entry, kind, layer(entry.key.text))
        }
        return sections
    }

    private mutating func section(
        _ entry: ConfigMapping.Entry, _ kind: String, _ layer: SettingLayer
    ) -> DocumentContents.Section {
        var section = DocumentContents.Section(place: file.place(entry.key.position))
        // A connection may be its URL and nothing else.
        if let scalar = entry.value.scalar, !scalar.text.isEmpty {
            section.settings = [setting("url", entry.value, layer)].compactMap { $0 }
            return section
        }
        guard let fields = mapping(entry.value, "\(kind) \"\(entry.key.text)\"", orNothing: true) else {
            return section
        }
        for field in fields.entries {
            let name = field.key.text
            if name == "template" {
                let items = field.value.sequence?.items ?? [field.value]
                section.templates = items.compactMap { setting("template", $0, layer) }
            } else if name == "ssh", field.value.scalar?.text == "off" {
                section.settings += [setting("ssh", field.value, layer)].compactMap { $0 }
            } else if Self.sectionNames.contains(name) {
                section.settings += settings(of: name, field.value, layer)
            } else if SettingKey.named(name) != nil, !name.contains(".") {
                section.settings += [setting(name, field.value, layer)].compactMap { $0 }
            } else {
                unknownSetting(field.key)
            }
        }
        return section
    }

    private static let sectionNames = ["pool", "limits", "ssh"] + SettingKey.freeSections.map(\.0)

    private mutating func settings(of section: String, _ node: ConfigNode, _ layer: SettingLayer) -> [Setting] {
        guard let fields = mapping(node, "\"\(section)\"", orNothing: false) else { return [] }
        var settings: [Setting] = []
        for field in fields.entries {
            let key = "\(section).\(field.key.text)"
            guard SettingKey.named(key) != nil else {
                let names = SettingKey.all.filter { $0.section == section }.map(\.shortName)
                problems.add(
                    "\"\(section)\" has an unknown key \"\(Self.shown(field.key.text))\"",
                    hint: NearestName.hint(for: field.key.text, among: names, called: "keys"),
                    at: file.place(field.key.position))
                continue
            }
            if let setting = setting(key, field.value, layer) { settings.append(setting) }
        }
        return settings
    }

    private mutating func setting(_ key: String, _ node: ConfigNode, _ layer: SettingLayer) -> Setting? {
        guard let text = text(node, key) else { return nil }
        return Setting(
            key: key, text: text, place: file.place(node.position), layer: layer, isOpenToOthers: file.isOpenToOthers)
    }

    // MARK: shapes

    /// The text of a scalar; nil, and a problem, where it is something else, or nothing.
    private mutating func text(_ node: ConfigNode, _ key: String) -> String? {
        guard let scalar = node.scalar else {
            problems.add("\"\(key)\" is no single value", at: file.place(node.position))
            return nil
        }
        guard scalar.style == .quoted || !["", "~", "null"].contains(scalar.text) else {
            problems.add(
                "\"\(key)\" has no value", hint: "Write \"\" for an empty one, or remove the key.",
                at: file.place(node.position))
            return nil
        }
        return scalar.text
    }

    private mutating func mapping(_ node: ConfigNode, _ what: String, orNothing: Bool) -> ConfigMapping? {
        if let mapping = node.mapping { return mapping }
        if orNothing, let scalar = node.scalar, scalar.style == .plain, scalar.text.isEmpty { return nil }
        problems.add(
            "\(what) is not made of keys and values", hint: "Write \"key: value\" on lines of their own.",
            at: file.place(node.position))
        return nil
    }

    /// The entries of a mapping whose keys are names that the document gives.
    private mutating func named(_ node: ConfigNode, _ kind: String) -> [ConfigMapping.Entry] {
        guard let fields = mapping(node, "\"\(kind)s\"", orNothing: true) else { return [] }
        return fields.entries.filter { entry in
            if Self.isName(entry.key.text) { return true }
            problems.add(
                "name of the \(kind) has a character that no name has, or more than 64",
                hint: "A name is made of letters, digits, \"_\", \"-\" and \".\".", at: file.place(entry.key.position))
            return false
        }
    }

    private static func isName(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 64 else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "_-.".unicodeScalars.contains(scalar)
        }
    }

    private mutating func unknown(_ key: ConfigScalar, among names: [String]) {
        problems.add(
            "unknown key \"\(Self.shown(key.text))\"",
            hint: NearestName.hint(for: key.text, among: names, called: "keys"), at: file.place(key.position))
    }

    private mutating func unknownSetting(_ key: ConfigScalar) {
        let own = SettingKey.all.filter { $0.section == nil }.map(\.name) + Self.sectionNames + ["template"]
        let hint: String? =
            switch KeywordHint(for: key.text) {
            case .keyword(let keyword)?: "Did you mean \"\(keyword)\"?"
            case .serverSetting(let name)? where NearestName.of(key.text, among: own) == nil:
                "\"\(name)\" is a setting of the server: write it below \"parameters\"."
            default: NearestName.hint(for: key.text, among: own, called: "keys")
            }
        problems.add("unknown key \"\(Self.shown(key.text))\"", hint: hint, at: file.place(key.position))
    }

    /// A name as it may stand in an error. What is no name, because a colon or a quotation mark is missing, may hold a secret.
    static func shown(_ text: String) -> String { isName(text) ? text : "…" }
}
