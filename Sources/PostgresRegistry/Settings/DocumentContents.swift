/// What a document says, key by key, before anything is interpolated or merged.
struct DocumentContents: Sendable {
    /// Settings under a name: a connection, a template, or an overlay of either.
    struct Section: Sendable {
        var place: RegistryPlace
        var settings: [Setting] = []
        /// The templates that it inherits from; of two with the same key the later one counts.
        var templates: [Setting] = []
    }

    /// An environment: its overlays, and whether its connections are protected.
    struct Environment: Sendable {
        var place: RegistryPlace
        var isProtected: Setting?
        var connections: [String: Section] = [:]
        var templates: [String: Section] = [:]
    }

    /// The files, the document's own first.
    var files: [String] = []
    /// The environment that the document chooses where the caller names none.
    var environment: Setting?
    var connections: [String: Section] = [:]
    var templates: [String: Section] = [:]
    var environments: [String: Environment] = [:]
    /// The members of each group.
    var groups: [String: [Setting]] = [:]

    /// The most connections of a document.
    static let connectionsMax = 10_000
}

extension DocumentContents.Section {
    /// Adds settings of another file. A key that is there twice is a problem.
    mutating func merge(_ other: DocumentContents.Section, _ problems: inout ProblemList) {
        for setting in other.settings {
            if let first = settings.first(where: { $0.key == setting.key }) {
                problems.add(
                    "\"\(setting.key)\" is set twice", hint: first.place.map { "The first is at \($0)." },
                    at: setting.place)
            } else {
                settings.append(setting)
            }
        }
        templates += other.templates
    }
}

extension DocumentContents {
    /// Adds what an included file says.
    mutating func merge(_ other: DocumentContents, _ problems: inout ProblemList) {
        files += other.files
        Self.merge(&connections, other.connections, &problems)
        Self.merge(&templates, other.templates, &problems)
        for (name, environment) in other.environments {
            guard var mine = environments[name] else {
                environments[name] = environment
                continue
            }
            Self.merge(&mine.connections, environment.connections, &problems)
            Self.merge(&mine.templates, environment.templates, &problems)
            if let setting = environment.isProtected {
                if let first = mine.isProtected {
                    problems.add(
                        "\"protected\" is set twice", hint: first.place.map { "The first is at \($0)." },
                        at: setting.place)
                }
                mine.isProtected = setting
            }
            environments[name] = mine
        }
        for (name, members) in other.groups { groups[name, default: []] += members }
    }

    private static func merge(
        _ mine: inout [String: Section], _ other: [String: Section], _ problems: inout ProblemList
    ) {
        for (name, section) in other {
            if mine[name] == nil {
                mine[name] = section
            } else {
                mine[name]?.merge(section, &problems)
            }
        }
    }
}
