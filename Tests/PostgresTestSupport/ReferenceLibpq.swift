import Glibc
import PostgresStreaming

/// A libpq of this machine, loaded at run time, whose reading of connection strings ours is compared with.
package struct ReferenceLibpq: Sendable, CustomStringConvertible {
    /// As `PQlibVersion` gives it: 150018, 180006.
    package let version: Int
    /// The keywords that this version knows.
    package let keywords: Set<ConnectionKeyword>
    /// What the system's loader finds it by.
    let path: String
    private let library: Library

    package var description: String { "libpq \(version / 10_000).\(version % 10_000)" }

    /// Those that could be found: the system's, and the one of the wheel that scripts/bootstrap fetches.
    package static let all: [ReferenceLibpq] = {
        let libraries = ["libpq.so.5"] + wheels()
        var found: [ReferenceLibpq] = []
        for path in libraries {
            guard let libpq = ReferenceLibpq(path: path), !found.contains(where: { $0.version == libpq.version }) else {
                continue
            }
            found.append(libpq)
        }
        if !found.contains(where: { $0.version >= 180_000 }) {
            print("↳ not run: the comparison with libpq 18; scripts/bootstrap fetches it, and no sanitizer takes it")
        }
        return found
    }()

    private init?(path: String) {
        guard let library = Library(path: path) else { return nil }
        self.library = library
        self.path = path
        version = Int(library.version())
        let all = unsafe Library.values(library.defaults(), at: Library.keywordField, freeingBy: library.free)
        keywords = Set((all ?? [:]).keys)
    }

    /// What `PQconninfoParse` makes of a string, without defaults; nil where it refuses.
    package func parse(_ text: String) -> [ConnectionKeyword: String]? {
        unsafe Library.values(library.parse(text, nil), freeingBy: library.free)
    }

    /// What `PQconndefaults` finds in the environment and the service file.
    package func defaults() -> [ConnectionKeyword: String]? {
        unsafe Library.values(library.defaults(), freeingBy: library.free)
    }

    /// Begins a connection and returns what it refused, or the values it began with.
    ///
    /// The string has to lead nowhere, as with `host=/nonexistent`.
    package func begin(_ text: String) -> (message: String, values: [ConnectionKeyword: String]) {
        let connection = unsafe library.start(text)
        defer { unsafe library.finish(connection) }
        let message = unsafe library.message(connection).map { unsafe String(cString: $0) } ?? ""
        let values = unsafe Library.values(library.info(connection), freeingBy: library.free)
        return (message, values ?? [:])
    }

    private static func wheels() -> [String] {
        var caches = ["/var/cache/postgres-streaming"]
        if let cache = unsafe getenv("POSTGRES_STREAMING_CACHE") { caches = unsafe [String(cString: cache)] }
        if let home = unsafe getenv("HOME") {
            caches.append(unsafe String(cString: home) + "/.cache/postgres-streaming")
        }
        return caches.flatMap { matches("\($0)/psycopg-binary-*/psycopg_binary.libs/libpq-*") }
    }

    private static func matches(_ pattern: String) -> [String] {
        var found = unsafe glob_t()
        defer { unsafe globfree(&found) }
        guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
        return unsafe (0..<Int(found.gl_pathc)).compactMap { index in
            unsafe found.gl_pathv[index].map { unsafe String(cString: $0) }
        }
    }
}

/// The functions that are called, with the types of libpq-fe.h.
@safe
private struct Library: Sendable {
    typealias Options = UnsafeMutableRawPointer
    typealias Connection = OpaquePointer

    let version: @Sendable @convention(c) () -> CInt
    let parse: @Sendable @convention(c) (UnsafePointer<CChar>, UnsafeMutableRawPointer?) -> Options?
    let defaults: @Sendable @convention(c) () -> Options?
    let free: @Sendable @convention(c) (Options) -> Void
    let start: @Sendable @convention(c) (UnsafePointer<CChar>) -> Connection?
    let message: @Sendable @convention(c) (Connection?) -> UnsafePointer<CChar>?
    let info: @Sendable @convention(c) (Connection?) -> Options?
    let finish: @Sendable @convention(c) (Connection?) -> Void

    init?(path: String) {
        // Bound to its own dependencies: the wheel brings another OpenSSL than this process has. A sanitizer ends a
        // process that binds like this.
        guard !Sanitizer.isOn, let handle = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL | 0x00008) else { return nil }
        func function<Function>(_ name: String, _ type: Function.Type) -> Function? {
            unsafe dlsym(handle, name).map { unsafe unsafeBitCast($0, to: type) }
        }
        guard
            let version = function("PQlibVersion", (@Sendable @convention(c) () -> CInt).self),
            let parse = unsafe function(
                "PQconninfoParse",
                (@Sendable @convention(c) (UnsafePointer<CChar>, UnsafeMutableRawPointer?) -> Options?).self),
            let defaults = unsafe function("PQconndefaults", (@Sendable @convention(c) () -> Options?).self),
            let free = unsafe function("PQconninfoFree", (@Sendable @convention(c) (Options) -> Void).self),
            let start = unsafe function(
                "PQconnectStart", (@Sendable @convention(c) (UnsafePointer<CChar>) -> Connection?).self),
            let message = unsafe function(
                "PQerrorMessage", (@Sendable @convention(c) (Connection?) -> UnsafePointer<CChar>?).self),
            let info = unsafe function("PQconninfo", (@Sendable @convention(c) (Connection?) -> Options?).self),
            let finish = unsafe function("PQfinish", (@Sendable @convention(c) (Connection?) -> Void).self)
        else { return nil }
        self.version = version
        unsafe self.parse = parse
        unsafe self.defaults = defaults
        unsafe self.free = free
        unsafe self.start = start
        unsafe self.message = message
        unsafe self.info = info
        unsafe self.finish = finish
    }

    /// Reads an array of PQconninfoOption, which ends with one that has no keyword.
    static func values(
        _ options: Options?, at field: Int = valueField, freeingBy free: @Sendable @convention(c) (Options) -> Void
    ) -> [ConnectionKeyword: String]? {
        guard let options = unsafe options else { return nil }
        defer { unsafe free(options) }
        var values: [ConnectionKeyword: String] = [:]
        var option = unsafe options
        while let keyword = unsafe text(option, field: keywordField) {
            if let value = unsafe text(option, field: field) { values[ConnectionKeyword(rawValue: keyword)] = value }
            unsafe option = option.advanced(by: optionBytes)
        }
        return values
    }

    static let keywordField = 0
    private static let valueField = 3
    private static let pointerBytes = MemoryLayout<Int>.stride
    /// Six pointers and an `int`.
    private static let optionBytes = 7 * pointerBytes

    private static func text(_ option: Options, field: Int) -> String? {
        let pointer = unsafe option.load(fromByteOffset: field * pointerBytes, as: UnsafePointer<CChar>?.self)
        return unsafe pointer.map { unsafe String(cString: $0) }
    }
}
