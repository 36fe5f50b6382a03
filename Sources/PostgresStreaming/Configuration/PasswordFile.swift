/// A file of passwords, a line for each `host:port:database:user:password` (manual: "The Password File").
package enum PasswordFile {
    /// What a look-up came to.
    package enum Outcome: Equatable {
        /// The first line that fits, and its password.
        case found(String)
        /// There is no file, or no line that fits.
        case absent
        /// There is a file that must not be used, and why.
        case refused(String)
    }

    /// Looks up the password for a host as the user wrote it; `localhost` stands for the machine's own socket.
    ///
    /// Reads the file, so not on an event loop. A file that others than its owner may read is refused, as in libpq.
    package static func look(
        up endpoint: PostgresConfiguration.Endpoint, user: String, database: String, at path: String
    ) -> Outcome {
        let file: SmallFile
        do throws(SmallFile.Failure) {
            file = try SmallFile(path: path)
        } catch {
            if case .missing = error { return .absent }
            return .refused("password file \"\(path)\" \(error)")
        }
        guard !file.isOpenToOthers else {
            return .refused(
                "password file \"\(path)\" has group or world access; permissions should be u=rw (0600) or less")
        }
        let key = [host(of: endpoint), String(endpoint.port), database, user]
        for (index, line) in file.lines.enumerated() {
            guard let password = password(in: line, for: key) else { continue }
            let place = "password file \"\(path)\", line \(index + 1)"
            guard !password.contains(0) else { return .refused("\(place): the password holds a NUL character") }
            guard let text = String(validating: password, as: UTF8.self) else {
                return .refused("\(place): the password is not UTF-8")
            }
            return .found(text)
        }
        return .absent
    }

    private static func host(of endpoint: PostgresConfiguration.Endpoint) -> String {
        switch endpoint {
        case .tcp(let host, let address, _): host.isEmpty ? address ?? "localhost" : host
        case .unixSocket(System.socketDirectory, _): "localhost"
        case .unixSocket(let directory, _): directory
        }
    }

    /// The password of a line, if the line's first four fields fit.
    private static func password(in line: ArraySlice<UInt8>, for key: [String]) -> [UInt8]? {
        var rest = line
        if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
        guard rest.first != UInt8(ascii: "#") else { return nil }
        for value in key {
            guard takeField(from: &rest, ifItIs: Array(value.utf8)) else { return nil }
        }
        var password: [UInt8] = []
        while let byte = rest.popFirst(), byte != UInt8(ascii: ":") {
            let isEscape = byte == UInt8(ascii: "\\") && !rest.isEmpty
            password.append(isEscape ? rest.removeFirst() : byte)
        }
        return password
    }

    /// Takes a field and its colon if it is `value` or a star. A backslash takes the next character as it is.
    private static func takeField(from rest: inout ArraySlice<UInt8>, ifItIs value: [UInt8]) -> Bool {
        if rest.starts(with: Array("*:".utf8)) {
            rest.removeFirst(2)
            return true
        }
        var expected = value[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: ":"), expected.isEmpty { return true }
            let letter = byte == UInt8(ascii: "\\") ? rest.popFirst() : byte
            guard let letter, letter == expected.popFirst() else { return false }
        }
        return false
    }
}

extension PasswordFile.Outcome: CustomStringConvertible, CustomReflectable {
    /// What came of it, without the password.
    package var description: String {
        switch self {
        case .found: "found(redacted)"
        case .absent: "absent"
        case .refused(let reason): "refused: \(reason)"
        }
    }

    /// As the description.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
