import CChildProcess
import Glibc

/// A program and what it begins with.
struct ProcessLaunch: Sendable {
    /// Why a program does not run.
    enum Failure: Error {
        case notFound(String)
        case system(Int32)
    }

    /// The program, which is looked up on PATH where it has no slash, and its arguments.
    let words: [String]
    /// The environment as `NAME=value`.
    let environment: [String]

    /// Starts the program. The kernel kills it when the calling thread ends.
    func start(input: Int32, output: Int32, error: Int32) throws(Failure) -> pid_t {
        guard let program = words.first, let path = Self.path(of: program) else {
            throw .notFound(words.first ?? "")
        }
        let id = unsafe Self.withCStrings(words) { arguments in
            unsafe Self.withCStrings(environment) { environment in
                unsafe path.withCString { path in
                    var launch = unsafe cchildprocess_launch(
                        path: path, arguments: arguments, environment: environment, input: input, output: output,
                        error: error)
                    return unsafe cchildprocess_start(&launch)
                }
            }
        }
        guard id > 0 else { throw .system(-id) }
        return id
    }

    /// The environment of this process.
    static var processEnvironment: [String] {
        var all: [String] = []
        var place = unsafe environ
        while let entry = unsafe place.pointee {
            unsafe all.append(String(cString: entry))
            unsafe place += 1
        }
        return all
    }

    private static func path(of program: String) -> String? {
        guard !program.isEmpty, !program.utf8.contains(0) else { return nil }
        if program.contains("/") { return program }
        let search = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        for folder in search.split(separator: ":") where folder.hasPrefix("/") {
            let path = "\(folder)/\(program)"
            if unsafe access(path, X_OK) == 0 { return path }
        }
        return nil
    }

    /// Calls the body with the strings as C expects a list: an array that ends with a null pointer.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = unsafe strings.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe body(&pointers)
    }
}

/// How a process ended.
enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
    case code(Int32)
    case signal(Int32)

    /// Waits for the end of a process that has ended, or is about to.
    init(waitingFor id: pid_t) {
        var status: Int32 = 0
        while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        self = signal == 0 ? .code((status >> 8) & 0xff) : .signal(signal)
    }

    var description: String {
        switch self {
        case .code(let code): "exit code \(code)"
        case .signal(let signal): "signal \(signal)"
        }
    }
}

/// A pipe whose ends no other child process inherits.
struct ProcessPipe {
    let readEnd: Int32
    let writeEnd: Int32

    init?() {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }
}
