import Glibc

/// What every example has around it: its arguments, and words for what went wrong.
package enum ExampleProgram {
    /// Runs `body` with the database's URL, while the schema `tracker` is there.
    package static func run(_ name: String, _ body: (_ url: String) async throws -> Void) async {
        await run(name, arguments: "URL") { arguments in
            try await Tracker.run(at: arguments[0]) { try await body(arguments[0]) }
        }
    }

    /// Runs `body` with the arguments, of which there have to be as many as are named.
    package static func run(
        _ name: String, arguments names: String, _ body: ([String]) async throws -> Void
    ) async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == names.split(separator: " ").count else {
            print("usage: \(name) \(names), where URL is such as postgres://user@localhost/database")
            exit(2)
        }
        do {
            try await body(arguments)
        } catch {
            print("could not go on: \(error)")
            exit(1)
        }
    }
}
