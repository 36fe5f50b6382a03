import CProcessSpawn
import Glibc

/// A command and the few things a child process gets from us.
package struct ProcessLaunch: Sendable {
    /// Where the child's standard output and standard error go.
    package enum Output: Sendable {
        case discarded
        /// To the end of a file, which is made with the mode 0600 if it does not exist.
        case appended(to: String)
        case descriptor(Int32)
    }

    /// The path of the program and its arguments.
    package var command: [String]
    /// The directory that the child starts in.
    package var directory = "/"
    /// The descriptor that becomes the child's standard input; nil is /dev/null.
    package var input: Int32?
    /// Where what the child says goes to.
    package var output: Output = .discarded

    /// Creates a launch of `command`.
    package init(_ command: [String], directory: String = "/", input: Int32? = nil, output: Output = .discarded) {
        self.command = command
        self.directory = directory
        self.input = input
        self.output = output
    }

    /// The environment of every child: only what decides where programs are, and one language and time zone, so
    /// that a server behaves alike wherever the tests run.
    private static var environment: [String] {
        let search = environmentVariable("PATH") ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        var environment = ["PATH=\(search)", "LC_ALL=C", "TZ=UTC"]
        if let libraries = environmentVariable("LD_LIBRARY_PATH") { environment.append("LD_LIBRARY_PATH=\(libraries)") }
        return environment
    }

    /// Starts the process in a session of its own and returns its ID.
    func spawn() throws(PostgresServerError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe addFileActions(to: &actions)
        Self.addSignalDefaults(to: &attributes)

        var id: pid_t = 0
        let failure = unsafe withCStrings(command) { arguments in
            unsafe withCStrings(Self.environment) { environment in
                unsafe posix_spawnp(&id, command[0], &actions, &attributes, arguments, environment)
            }
        }
        guard failure == 0 else {
            throw PostgresServerError(.system, "could not run \"\(command[0])\": \(errorText(failure))")
        }
        return id
    }

    private func addFileActions(to actions: inout posix_spawn_file_actions_t) {
        if let input {
            unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        switch output {
        case .discarded:
            unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        case .appended(let path):
            let flags = O_WRONLY | O_APPEND | O_CREAT
            unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, path, flags, 0o600)
        case .descriptor(let descriptor):
            unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, STDOUT_FILENO)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)
        unsafe posix_spawn_file_actions_addchdir_np(&actions, directory)
    }

    /// A child inherits ignored signals and the mask of the thread that starts it; a server needs neither.
    private static func addSignalDefaults(to attributes: inout posix_spawnattr_t) {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        let flags = Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF) | spawnInOwnSession
        unsafe posix_spawnattr_setflags(&attributes, flags)
    }
}

/// Calls the body with the strings as C expects an argument list: an array that ends with a null pointer.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = unsafe strings.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe body(&pointers)
}
