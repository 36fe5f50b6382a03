/// A file of named groups of connection settings (manual: "The Connection Service File").
struct ServiceFile {
    /// The settings of one group; of several values for a keyword the first counts.
    let values: [ConnectionKeyword: String]
    /// The file that has the group.
    let path: String

    /// Finds a service in the user's file or in that of the system, in this order.
    static func find(_ service: String, in environment: ConnectionEnvironment) throws(PostgresError) -> ServiceFile {
        if let path = try environment.value(of: "PGSERVICEFILE") {
            guard let file = try read(path) else { throw invalid("service file \"\(path)\" not found") }
            if let found = try ServiceFile(service, in: file, at: path) { return found }
        } else if let home = environment.homeDirectory, let file = try read("\(home)/.pg_service.conf") {
            if let found = try ServiceFile(service, in: file, at: "\(home)/.pg_service.conf") { return found }
        }
        let path = (try environment.value(of: "PGSYSCONFDIR") ?? "/etc/postgresql-common") + "/pg_service.conf"
        if let file = try read(path), let found = try ServiceFile(service, in: file, at: path) { return found }
        throw invalid("definition of service \"\(service)\" not found")
    }

    /// Reads one group of a file; nil if the file does not have it.
    private init?(_ service: String, in file: SmallFile, at path: String) throws(PostgresError) {
        var values: [ConnectionKeyword: String] = [:]
        var isInGroup = false
        for (index, line) in file.lines.enumerated() {
            let line = Self.trimmed(line)
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            if first == UInt8(ascii: "[") {
                guard !isInGroup else { break }
                isInGroup = line.dropFirst().starts(with: Array(service.utf8) + [UInt8(ascii: "]")])
            } else if isInGroup {
                let (keyword, value) = try Self.setting(line, at: "\"\(path)\", line \(index + 1)")
                if values[keyword] == nil { values[keyword] = value }
            }
        }
        guard isInGroup else { return nil }
        self.values = values
        self.path = path
    }

    private static func setting(
        _ line: ArraySlice<UInt8>, at place: String
    ) throws(PostgresError) -> (ConnectionKeyword, String) {
        guard !line.starts(with: Array("ldap".utf8)) else {
            throw invalid("LDAP lookup is not supported in service file \(place)")
        }
        guard let equals = line.firstIndex(of: UInt8(ascii: "=")),
            let name = String(validating: line[..<equals], as: UTF8.self),
            let value = String(validating: line[(equals + 1)...], as: UTF8.self), !value.utf8.contains(0)
        else { throw invalid("syntax error in service file \(place)") }
        guard let keyword = ConnectionKeyword.known(name) else {
            throw invalid("syntax error in service file \(place)", hint: hint(on: name))
        }
        guard keyword != .service else { throw invalid("nested service in service file \(place)") }
        return (keyword, value)
    }

    private static func hint(on name: String) -> String? {
        guard name.last?.isWhitespace != true else { return "No space may stand before the \"=\"." }
        return KeywordHint(for: name)?.text(.serviceFile)
    }

    private static func read(_ path: String) throws(PostgresError) -> SmallFile? {
        do throws(SmallFile.Failure) {
            return try SmallFile(path: path)
        } catch {
            if case .missing = error { return nil }
            throw invalid("service file \"\(path)\" \(error)")
        }
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line.drop(while: ConnectionString.isSpace)
        while let last = line.last, ConnectionString.isSpace(last) { line.removeLast() }
        return line
    }

    private static func invalid(_ problem: String, hint: String? = nil) -> PostgresError {
        PostgresError(.configurationInvalid, problem, hint: hint)
    }
}
