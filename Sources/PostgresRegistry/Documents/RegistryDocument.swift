import ConfigText
import PostgresStreaming
import PostgresTransport

/// A registry's document that was read and found to be right: the connections of one environment.
///
/// A value: it does not change when its files do. `Registry` reads a new one then.
public struct RegistryDocument: Sendable {
    /// The environment whose overlay was applied; nil for none.
    public let environment: String?
    /// The files that it was read from, the document's own first; none for a text or the surroundings of the process.
    public let files: [String]
    /// The names of the connections, in alphabetical order.
    public let names: [String]
    /// The names of the environments, in alphabetical order.
    public let environments: [String]
    /// The members of each group.
    public let groups: [String: [String]]

    let profiles: [String: ConnectionProfile]
    /// The files whose change makes a new document: its own, and those that references name.
    let stamps: [FileStamp]
    let surroundings: Surroundings

    /// Finds, reads and checks a document: its files, the references in it and the values of all connections together.
    ///
    /// Reads files, and runs commands where `RegistryOptions.commands` allows them, on a thread of its own. The time grows with
    /// the length of the document.
    ///
    /// - Throws: `documentInvalid` with everything that is wrong, by file, line and column; `documentMissing`.
    public nonisolated(nonsending) static func read(
        _ source: RegistrySource = .standard, options: RegistryOptions = RegistryOptions()
    ) async throws(RegistryError) -> RegistryDocument {
        let result = await DedicatedThread.run { () -> Result<RegistryDocument, RegistryError> in
            do throws(RegistryError) {
                return .success(try RegistryDocument(source, options))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// As `read`, on the calling thread.
    init(_ source: RegistrySource, _ options: RegistryOptions) throws(RegistryError) {
        let surroundings = Surroundings(options)
        switch try source.find(surroundings) {
        case .surroundings: try self.init(surroundings, options)
        case .file(let path): try self.init(DocumentFile.read(path), surroundings, options)
        case .text(let text, let name):
            let file = try DocumentFile(
                name: name, folder: ".", bytes: Array(text.utf8), format: .automatic)
            try self.init(file, surroundings, options)
        }
    }

    private init(
        _ file: DocumentFile, _ surroundings: Surroundings, _ options: RegistryOptions
    ) throws(RegistryError) {
        let reader = DocumentReader(file)
        var contents = reader.contents
        var fileStamps = [file.stamp].compactMap(\.self)
        var problems = reader.problems
        for include in reader.includes {
            do throws(RegistryError) {
                let included = try DocumentFile.read(include.path)
                fileStamps += [included.stamp].compactMap(\.self)
                let other = DocumentReader(included)
                for problem in other.problems.all { problems.add(problem) }
                for nested in other.includes {
                    problems.add("a file that is included cannot include others", at: nested.place)
                }
                if let setting = other.contents.environment {
                    problems.add("a file that is included cannot choose the environment", at: setting.place)
                }
                contents.merge(other.contents, &problems)
            } catch {
                for problem in error.problems {
                    problems.add(
                        RegistryProblem(problem.message, hint: problem.hint, at: problem.place ?? include.place))
                }
            }
        }
        let resolver = DocumentResolver(contents, options, surroundings, problems)
        try resolver.problems.check()
        environment = resolver.environment
        files = file.name.hasPrefix("<") ? Array(contents.files.dropFirst()) : contents.files
        stamps = fileStamps + resolver.filesRead
        profiles = resolver.profiles
        names = resolver.profiles.keys.sorted()
        environments = contents.environments.keys.sorted()
        groups = contents.groups.mapValues { members in Set(members.map(\.text)).sorted() }
        self.surroundings = surroundings
    }

    /// The connection `default` of libpq's variables and service file.
    private init(_ surroundings: Surroundings, _ options: RegistryOptions) throws(RegistryError) {
        guard options.environment == nil else {
            throw RegistryError(
                .nameUnknown, "there is no document, and so no environment \"\(options.environment ?? "")\"",
                hint: "Write pgsluice.yaml, or name a document by PGSLUICE_CONFIG.")
        }
        var problems = ProblemList()
        let builder = ProfileBuilder(
            name: "default", place: nil, environment: nil, groups: [], isEnvironmentProtected: false, values: [:],
            surroundings: surroundings.forDefault)
        let profile = builder.profile(&problems)
        try problems.check()
        environment = nil
        (files, stamps) = ([], [])
        profiles = profile.map { ["default": $0] } ?? [:]
        names = profiles.keys.sorted()
        environments = []
        groups = [:]
        self.surroundings = surroundings
    }

    /// The connection of a name.
    ///
    /// - Throws: `nameUnknown`, with the nearest name.
    public func profile(named name: String) throws(RegistryError) -> ConnectionProfile {
        guard let profile = profiles[name] else {
            throw RegistryError(
                .nameUnknown, "there is no connection \"\(DocumentReader.shown(name))\"",
                hint: NearestName.hint(for: name, among: names, called: "connections"))
        }
        return profile
    }

    /// The connection of a name, with parts replaced by the caller: what it gives goes before everything in the document,
    /// and is taken as it is. A host takes the place of the document's address.
    ///
    /// - Throws: `nameUnknown`; `documentInvalid` where the parts do not fit together.
    public func profile(
        named name: String, replacing parts: [ConnectionKeyword: String]
    ) throws(RegistryError) -> ConnectionProfile {
        let profile = try profile(named: name)
        guard !parts.isEmpty else { return profile }
        var values = profile.values
        if parts[.host] != nil { values["hostaddr"] = nil }
        for (keyword, text) in parts {
            let setting = Setting(key: keyword.rawValue, text: "", place: nil, layer: .callSite)
            let overridden = values[keyword.rawValue].map { $0.overridden + [$0.setting] } ?? []
            values[keyword.rawValue] = ProfileValue(setting, ResolvedText(text: text), overridden: overridden)
        }
        var problems = ProblemList()
        let environment = profile.place == nil ? surroundings.forDefault : surroundings.forEntries
        let replaced = ProfileBuilder(
            name: name, place: profile.place, environment: profile.environment, groups: profile.groups,
            isEnvironmentProtected: profile.isProtected, values: values, surroundings: environment
        ).profile(&problems)
        try problems.check()
        return replaced ?? profile
    }

    /// The connections that have all of the labels, in alphabetical order.
    public func names(labelled labels: [String: String]) -> [String] {
        names.filter { name in
            labels.allSatisfy { profiles[name]?.labels[$0.key] == $0.value }
        }
    }
}
