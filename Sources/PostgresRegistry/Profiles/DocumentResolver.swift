import PostgresStreaming

/// Makes the profiles of a document for one environment, and notes everything that is wrong.
struct DocumentResolver {
    private let contents: DocumentContents
    private let surroundings: Surroundings
    private var interpolator: Interpolator
    private(set) var problems: ProblemList
    private(set) var environment: String?
    private(set) var profiles: [String: ConnectionProfile] = [:]

    /// How many templates may inherit one from the other.
    private static let depthMax = 16
    /// How many layers of templates one connection may have.
    private static let layersMax = 64

    init(
        _ contents: DocumentContents, _ options: RegistryOptions, _ surroundings: Surroundings, _ problems: ProblemList
    ) {
        self.contents = contents
        self.surroundings = surroundings
        self.problems = problems
        interpolator = Interpolator(options, surroundings)
        chooseEnvironment(options.environment)
        checkNames()
        if !options.acceptsSharedFiles { checkSharedFiles() }
        for (name, section) in contents.connections.sorted(by: { $0.value.place < $1.value.place }) {
            profiles[name] = profile(name, section)
        }
    }

    /// The files that references gave values from.
    var filesRead: [FileStamp] { interpolator.filesRead }

    private mutating func chooseEnvironment(_ named: String?) {
        var chosen = named
        let setting = contents.environment
        if chosen == nil, let setting {
            do throws(Interpolator.Failure) {
                chosen = try interpolator.resolve(setting.text, in: ".", isURL: false).text
            } catch {
                problems.add("value of \"environment\" \(error.message)", hint: error.hint, at: setting.place)
            }
        }
        guard let chosen, !chosen.isEmpty else { return }
        guard contents.environments[chosen] != nil else {
            problems.add(
                "document has no environment \"\(DocumentReader.shown(chosen))\"",
                hint: NearestName.hint(for: chosen, among: Array(contents.environments.keys), called: "environments"),
                at: named == nil ? setting?.place : nil)
            return
        }
        environment = chosen
    }

    // MARK: names

    private mutating func checkNames() {
        let connections = Array(contents.connections.keys)
        let templates = Array(contents.templates.keys)
        for (_, environment) in contents.environments.sorted(by: { $0.key < $1.key }) {
            for (name, section) in environment.connections where contents.connections[name] == nil {
                unknown("connection", name, connections, section.place)
            }
            for (name, section) in environment.templates where contents.templates[name] == nil {
                unknown("template", name, templates, section.place)
            }
        }
        for (_, members) in contents.groups.sorted(by: { $0.key < $1.key }) {
            for member in members where contents.connections[member.text] == nil {
                unknown("connection", member.text, connections, member.place)
            }
        }
        for (_, section) in contents.templates.sorted(by: { $0.key < $1.key }) {
            // Also of templates that no connection uses.
            _ = layers(of: section.templates, [], &problems)
        }
    }

    private mutating func unknown(_ kind: String, _ name: String, _ known: [String], _ place: RegistryPlace?) {
        problems.add(
            "document has no \(kind) \"\(DocumentReader.shown(name))\"",
            hint: NearestName.hint(for: name, among: known, called: "\(kind)s"), at: place)
    }

    // MARK: secrets in files that others may read

    private mutating func checkSharedFiles() {
        var sections = Array(contents.connections.values) + Array(contents.templates.values)
        for environment in contents.environments.values {
            sections += Array(environment.connections.values) + Array(environment.templates.values)
        }
        for setting in sections.flatMap(\.settings) where setting.isOpenToOthers && Self.holdsSecret(setting) {
            problems.add(
                "\"\(setting.key)\" holds a secret, and others than the file's owner may read it",
                hint:
                    "Write ${NAME} or ${file:path}, include a file of secrets, or run: chmod 600 \(setting.place?.file ?? "")",
                at: setting.place)
        }
    }

    private static func holdsSecret(_ setting: Setting) -> Bool {
        guard SettingKey.isSecret(setting.key) else { return false }
        guard setting.key == "url" else { return isWritten(setting.text[...]) }
        let text = setting.text
        if let query = text.firstRange(of: "password=") {
            if isWritten(text[query.upperBound...].prefix { $0 != "&" }) { return true }
        }
        guard let scheme = text.firstRange(of: "://"), let at = text.lastIndex(of: "@"), scheme.upperBound < at else {
            return false
        }
        let credentials = text[scheme.upperBound..<at]
        // A reference may have a colon of its own.
        let user =
            credentials.hasPrefix("${")
            ? credentials.firstIndex(of: "}") ?? credentials.startIndex : credentials.startIndex
        guard let colon = credentials[user...].firstIndex(of: ":") else { return false }
        return isWritten(credentials[colon...].dropFirst())
    }

    /// Whether a text is more than references.
    private static func isWritten(_ text: Substring) -> Bool {
        guard let reference = try? ReferenceText(String(text)) else { return !text.isEmpty }
        return reference.parts.contains { if case .literal(let literal) = $0 { !literal.isEmpty } else { false } }
    }

    // MARK: one connection

    private mutating func profile(_ name: String, _ section: DocumentContents.Section) -> ConnectionProfile? {
        let overlay = environment.flatMap { contents.environments[$0] }
        let mine = overlay?.connections[name]
        // The overlay may name other templates than the entry.
        let templates = mine.flatMap { $0.templates.isEmpty ? nil : $0.templates } ?? section.templates
        guard var layers = layers(of: templates, [], &problems) else { return nil }
        layers.append(section.settings)
        if let mine { layers.append(mine.settings) }
        let count = problems.all.count
        let merge = ProfileMerge(layers, &interpolator, &problems)
        guard problems.all.count == count else { return nil }
        let groups = contents.groups.filter { $0.value.contains { $0.text == name } }.map(\.key).sorted()
        return ProfileBuilder(
            name: name, place: section.place, environment: environment, groups: groups,
            isEnvironmentProtected: isProtected(overlay), values: merge.values, surroundings: surroundings.forEntries
        ).profile(&problems)
    }

    private mutating func isProtected(_ environment: DocumentContents.Environment?) -> Bool {
        guard let setting = environment?.isProtected else { return false }
        guard setting.text == "true" || setting.text == "false" else {
            problems.add(
                "value of \"protected\" is neither true nor false", hint: SettingKind.flag.hint, at: setting.place)
            return true
        }
        return setting.text == "true"
    }

    /// The settings of templates, those that count least first; nil where one is unknown or inherits from itself.
    private func layers(
        of names: [Setting], _ path: [String], _ problems: inout ProblemList
    ) -> [[Setting]]? {
        var layers: [[Setting]] = []
        for name in names {
            guard let template = contents.templates[name.text] else {
                problems.add(
                    "document has no template \"\(DocumentReader.shown(name.text))\"",
                    hint: NearestName.hint(for: name.text, among: Array(contents.templates.keys), called: "templates"),
                    at: name.place)
                return nil
            }
            guard !path.contains(name.text), path.count < Self.depthMax else {
                let circle = (path + [name.text]).joined(separator: " → ")
                problems.add("template \"\(name.text)\" inherits from itself: \(circle)", at: name.place)
                return nil
            }
            guard let below = self.layers(of: template.templates, path + [name.text], &problems) else { return nil }
            layers += below + [template.settings]
            guard layers.count <= Self.layersMax else {
                problems.add("more than \(Self.layersMax) templates are inherited from", at: name.place)
                return nil
            }
            if let overlay = environment.flatMap({ contents.environments[$0]?.templates[name.text] }) {
                layers.append(overlay.settings)
            }
        }
        return layers
    }
}
