import Glibc
import PostgresTesting

/// The processes of the machine, as they were at one moment.
struct ProcessTable {
    struct Entry {
        let id: pid_t
        let parent: pid_t
        let name: String
    }

    let entries: [Entry]

    static var now: ProcessTable {
        ProcessTable(
            entries: directoryEntries("/proc").compactMap { name in
                guard let id = pid_t(name) else { return nil }
                let descriptor = unsafe open("/proc/\(id)/stat", O_RDONLY | O_CLOEXEC)
                guard descriptor >= 0 else { return nil }
                defer { close(descriptor) }
                let line = String(decoding: readBytes(from: descriptor, max: 1024), as: UTF8.self)
                guard let first = line.firstIndex(of: "("), let last = line.lastIndex(of: ")") else { return nil }
                let fields = line[last...].split(separator: " ")
                // What has ended and waits for its status to be collected does not count.
                guard fields.count > 2, fields[1] != "Z", let parent = pid_t(fields[2]) else { return nil }
                return Entry(id: id, parent: parent, name: String(line[line.index(after: first)..<last]))
            })
    }

    /// Children, their children, and so on.
    func descendants(of id: pid_t) -> [Entry] {
        let children = entries.filter { $0.parent == id }
        return children + children.flatMap { descendants(of: $0.id) }
    }

    /// The `ssh` processes of this process.
    static var sshCount: Int { now.descendants(of: getpid()).count { $0.name == "ssh" } }
}
