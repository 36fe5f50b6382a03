import PostgresStreaming

/// Makes a profile of merged values: gives each value its type, and checks them together.
struct ProfileBuilder {
    let name: String
    let place: RegistryPlace?
    let environment: String?
    let groups: [String]
    /// Whether the environment is protected as a whole.
    let isEnvironmentProtected: Bool
    let values: [String: ProfileValue]
    let surroundings: ConnectionEnvironment

    /// The keywords whose values are paths.
    private static let pathKeywords: Set<String> = [
        "passfile", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslcrldir", "sslkeylogfile",
    ]

    /// The profile; nil where a value is wrong.
    func profile(_ problems: inout ProblemList) -> ConnectionProfile? {
        let count = problems.all.count
        guard let (read, parameters) = connection(&problems) else { return nil }
        var configuration = read
        var pool = PostgresPoolConfiguration()
        var labels: [String: String] = [:]
        for value in values.values.sorted(by: { $0.key < $1.key }) {
            guard let key = SettingKey.named(value.key), key.kind != .keyword else { continue }
            guard let typed = SettingValue(value.text.reveal(), as: key.kind) else {
                problems.add(
                    "value of \"\(value.key)\" \(key.kind.expectation ?? "is wrong")", hint: key.kind.hint,
                    at: value.setting.place)
                continue
            }
            key.apply?(typed, &configuration, &pool)
            if value.key.hasPrefix("labels.") { labels[key.shortName] = value.text.reveal() }
            if value.key.hasPrefix("parameters.") {
                configuration.runtimeParameters[key.shortName] = value.text.reveal()
            }
        }
        let tunnel = tunnel(configuration, &problems)
        checkTogether(pool, &problems)
        guard problems.all.count == count else { return nil }
        return ConnectionProfile(
            name: name, environment: environment, summary: values["description"]?.text.reveal(), labels: labels,
            groups: groups, isProtected: isProtected, place: place, configuration: configuration, pool: pool,
            tunnel: tunnel, values: values, parameters: parameters, fingerprint: fingerprint(parameters))
    }

    /// An overlay may take the protection of its environment from one connection, and nothing else may.
    private var isProtected: Bool {
        guard let value = values["protected"] else { return isEnvironmentProtected }
        let isSet = value.text.reveal() == "true"
        if case .overlay = value.setting.layer { return isSet }
        return isSet || isEnvironmentProtected
    }

    private func checkTogether(_ pool: PostgresPoolConfiguration, _ problems: inout ProblemList) {
        if pool.connectionsMin > pool.connectionsMax {
            let value = values["pool.connections_min"] ?? values["pool.connections_max"]
            problems.add("pool.connections_min is greater than pool.connections_max", at: value?.setting.place ?? place)
        }
        for value in values.values where value.text.reveal() == "0s" && value.key.hasPrefix("pool.") {
            problems.add("value of \"\(value.key)\" is no time greater than zero", at: value.setting.place)
        }
    }

    // MARK: libpq's keywords

    private func connection(
        _ problems: inout ProblemList
    ) -> (PostgresConfiguration, ConnectionParameters)? {
        var text = ""
        for keyword in ConnectionKeyword.all {
            guard let value = values[keyword.rawValue] else { continue }
            text += "\(keyword)='\(Self.escaped(path(value)))' "
        }
        do throws(PostgresError) {
            let parameters = try ConnectionParameters(ConnectionString(text), surroundings)
            return (try PostgresConfiguration(connectionString: text, environment: surroundings), parameters)
        } catch {
            problems.add(error.message, hint: error.hint, at: place(of: error))
            return nil
        }
    }

    /// A path is relative to the document that it stands in.
    private func path(_ value: ProfileValue) -> String {
        let text = value.text.reveal()
        guard Self.pathKeywords.contains(value.key), !text.isEmpty, text != "system",
            let file = value.setting.place?.file
        else { return text }
        let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
        return FilePath.resolve(text, in: folder)
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            if scalar == "'" || scalar == "\\" { escaped.unicodeScalars.append("\\") }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }

    /// The place of the first value that an error names.
    private func place(of error: PostgresError) -> RegistryPlace? {
        let words = (error.message + " " + (error.hint ?? "")).split { !($0.isLetter || $0 == "_") }.map(String.init)
        for word in words {
            if let value = values[word] { return value.setting.place }
        }
        return place
    }

    private func tunnel(
        _ configuration: PostgresConfiguration, _ problems: inout ProblemList
    ) -> TunnelSettings? {
        guard values.keys.contains(where: { $0.hasPrefix("ssh.") }) else { return nil }
        do throws(TunnelSettings.Refusal) {
            return try TunnelSettings(values, to: configuration.endpoints)
        } catch {
            problems.add(error.message, hint: error.hint, at: values[error.key]?.setting.place ?? place)
            return nil
        }
    }

    // MARK: the fingerprint

    /// Labels, descriptions and the like change nothing about a pool.
    private func fingerprint(_ parameters: ConnectionParameters) -> [String: Secret] {
        var fingerprint: [String: Secret] = [:]
        for keyword in ConnectionKeyword.all {
            if let text = parameters[keyword] { fingerprint[keyword.rawValue] = Secret(text) }
        }
        for (key, value) in values where !key.hasPrefix("labels.") && key != "description" {
            if SettingKey.named(key)?.kind != .keyword { fingerprint[key] = value.text }
        }
        fingerprint["protected"] = Secret("\(isProtected)")
        return fingerprint
    }
}
