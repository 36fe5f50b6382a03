import Glibc
import PostgresStreaming

/// Where a registry's document comes from.
public struct RegistrySource: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case file(String)
        case standard
        case text(String, name: String)
        case surroundings
    }

    let kind: Kind

    /// A file, JSON where its name ends in `.json` and YAML where it ends in `.yaml` or `.yml`.
    public static func file(_ path: String) -> RegistrySource { RegistrySource(kind: .file(path)) }

    /// The usual places, in this order:
    ///
    /// 1. the file that the environment variable `PGSLUICE_CONFIG` names, which then has to exist;
    /// 2. `pgsluice.json` or `pgsluice.yaml` in the working directory;
    /// 3. `pgsluice/config.json` or `pgsluice/config.yaml` in `$XDG_CONFIG_HOME`, by default `~/.config`.
    ///
    /// Where both endings are there in one place, that is an error. Without any of these files the source is
    /// `surroundings`.
    public static let standard = RegistrySource(kind: .standard)

    /// Libpq's environment variables (`PGHOST`, `PGSERVICE`, …) and its service file, as the one connection `default`.
    public static let surroundings = RegistrySource(kind: .surroundings)

    /// A document in memory, such as one that a program was handed. Paths in it are relative to the working directory.
    ///
    /// - Parameters:
    ///   - text: JSON or YAML.
    ///   - name: what errors and explanations call it.
    public static func text(_ text: String, name: String = "<text>") -> RegistrySource {
        RegistrySource(kind: .text(text, name: name))
    }

    /// What a source leads to.
    enum Found: Sendable, Hashable {
        case file(String)
        case text(String, name: String)
        case surroundings
    }

    /// Looks which of the places there is.
    func find(_ surroundings: Surroundings) throws(RegistryError) -> Found {
        switch kind {
        case .file(let path): return .file(path)
        case .text(let text, let name): return .text(text, name: name)
        case .surroundings: return .surroundings
        case .standard: break
        }
        if let path = try surroundings.variable("PGSLUICE_CONFIG"), !path.isEmpty {
            guard Self.exists(path) else {
                throw RegistryError(
                    .documentMissing, "the file that the environment variable PGSLUICE_CONFIG names does not exist",
                    hint: "It names \"\(path)\".")
            }
            return .file(path)
        }
        for stem in try stems(surroundings) {
            let found = [".json", ".yaml"].map { stem + $0 }.filter(Self.exists)
            guard found.count < 2 else {
                throw RegistryError(
                    .documentInvalid, "both \"\(found[0])\" and \"\(found[1])\" exist", hint: "Remove one of them.")
            }
            if let path = found.first { return .file(path) }
        }
        return .surroundings
    }

    private func stems(_ surroundings: Surroundings) throws(RegistryError) -> [String] {
        var stems = [surroundings.workingDirectory.map { "\($0)/pgsluice" } ?? "pgsluice"]
        if let folder = try surroundings.variable("XDG_CONFIG_HOME"), folder.hasPrefix("/") {
            stems.append("\(folder)/pgsluice/config")
        } else if let home = surroundings.homeDirectory {
            stems.append("\(home)/.config/pgsluice/config")
        }
        return stems
    }

    private static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
}
