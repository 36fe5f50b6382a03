/// The folders of a target, and which of them the code of each refers to.
///
/// A reference is the name of a type that another folder declares. A nested type is reached by the name of the one around
/// it, so only the types that are within no other count, and what follows a full stop does not. A member counts as well, after
/// a full stop, where an extension adds it to a type of elsewhere and nothing else has its name.
struct FolderMap {
    /// One folder refers to another.
    struct Arrow: Hashable, Comparable, CustomStringConvertible {
        let from: String
        let to: String

        var description: String { "\(from) → \(to)" }

        static func < (left: Arrow, right: Arrow) -> Bool { (left.from, left.to) < (right.from, right.to) }
    }

    private struct File {
        let path: String
        let folder: String
        let tokens: [SwiftCode.Token]
        let declared: Declarations
    }

    /// The places of the references.
    private(set) var arrows: [Arrow: [String]] = [:]
    let folders: Set<String>
    /// The extensions of types that are not public and are declared in another folder, such as "Cache in Driver", with
    /// their places.
    private(set) var foreignExtensions: [String: [String]] = [:]

    /// - Parameters:
    ///   - folder: the path of the target, of which the folders at the top count.
    ///   - neighbours: the files of the targets that it uses.
    init(of folder: String, _ files: [Repository.File], beside neighbours: [Repository.File] = []) {
        let depth = folder.split(separator: "/").count
        let read = files.compactMap { file -> File? in
            let parts = file.path.split(separator: "/")
            guard parts.count > depth + 1 else { return nil }
            let tokens = SwiftCode(file.text).tokens
            return File(
                path: file.path, folder: String(parts[depth]), tokens: tokens, declared: Declarations(tokens))
        }
        folders = Set(read.map(\.folder))
        let names = Names(read, neighbours.map { Declarations(SwiftCode($0.text).tokens) })
        for file in read {
            noteReferences(of: file, names)
            noteExtensions(of: file, names)
        }
    }

    /// Which folder has what.
    private struct Names {
        var types: [String: String] = [:]
        var publicTypes: Set<String> = []
        var members: [String: String] = [:]
        /// The types within others, which hide the types of their names in their folder.
        var nested: [String: Set<String>] = [:]

        init(_ files: [File], _ neighbours: [Declarations]) {
            var places: [String: Set<String>] = [:]
            for file in files {
                for type in file.declared.types { places[type.name, default: []].insert(file.folder) }
                for type in file.declared.types where type.isPublic { publicTypes.insert(type.name) }
                nested[file.folder, default: []].formUnion(file.declared.nestedTypes)
            }
            types = places.compactMapValues { $0.count == 1 ? $0.first : nil }
            noteMembers(files, taken: neighbours.reduce(into: []) { $0.formUnion($1.members) })
        }

        private mutating func noteMembers(_ files: [File], taken: Set<String>) {
            var places: [String: Set<String>] = [:]
            var added: Set<String> = []
            for file in files {
                for name in file.declared.members { places[name, default: []].insert(file.folder) }
                for part in file.declared.extensions where types[part.type] != file.folder {
                    added.formUnion(part.members)
                }
            }
            for name in added.subtracting(taken) where places[name]?.count == 1 { members[name] = places[name]?.first }
        }
    }

    private mutating func noteReferences(of file: File, _ names: Names) {
        var isAfterStop = false
        for token in file.tokens {
            let home = isAfterStop ? names.members[token.text] : names.types[token.text]
            isAfterStop = token.text == "."
            guard let home, home != file.folder, names.nested[file.folder]?.contains(token.text) != true else {
                continue
            }
            arrows[Arrow(from: file.folder, to: home), default: []].append("\(file.path):\(token.line): \(token.text)")
        }
    }

    private mutating func noteExtensions(of file: File, _ names: Names) {
        for part in file.declared.extensions where !names.publicTypes.contains(part.type) {
            guard let home = names.types[part.type], home != file.folder else { continue }
            foreignExtensions["\(part.type) in \(file.folder)", default: []].append("\(file.path):\(part.line)")
        }
    }
}
