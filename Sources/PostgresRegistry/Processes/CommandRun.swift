import Glibc
import PostgresTransport

/// Runs a program to its end and gives what it wrote. Blocks its thread, for no longer than the limit.
struct CommandRun {
    /// Why there is no output of use.
    enum Failure: Error {
        case notFound
        case timedOut
        case outputTooLong
        case ended(ExitStatus)
        case system(Int32)

        /// In words, without anything that the program wrote.
        var description: String {
            switch self {
            case .notFound: "is not on PATH"
            case .timedOut: "took too long and was killed"
            case .outputTooLong: "wrote more than \(CommandRun.outputBytesMax >> 10) KiB"
            case .ended(let status): "ended with \(status)"
            case .system(let code): "cannot be started: error \(code)"
            }
        }
    }

    /// The most bytes that a program may write.
    static let outputBytesMax = 64 << 10

    let words: [String]
    let limit: Duration

    /// The standard output. What the program writes to standard error goes to that of this process.
    func output() throws(Failure) -> [UInt8] {
        guard let pipe = ProcessPipe() else { throw .system(errno) }
        defer { close(pipe.readEnd) }
        let nothing = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(nothing) }
        let id: pid_t
        do throws(ProcessLaunch.Failure) {
            defer { close(pipe.writeEnd) }
            id = try ProcessLaunch(words: words, environment: ProcessLaunch.processEnvironment)
                .start(input: nothing, output: pipe.writeEnd, error: STDERR_FILENO)
        } catch {
            switch error {
            case .notFound: throw .notFound
            case .system(let code): throw .system(code)
            }
        }
        let read = Self.read(pipe.readEnd, until: MonotonicTime.now + limit)
        // A program that closes its output and goes on is killed as well.
        if case .failure = read { kill(-id, SIGKILL) }
        guard Self.waitForEnd(of: id, until: MonotonicTime.now + limit) else {
            kill(-id, SIGKILL)
            _ = ExitStatus(waitingFor: id)
            throw .timedOut
        }
        let status = ExitStatus(waitingFor: id)
        let bytes = try read.get()
        guard status == .code(0) else { throw .ended(status) }
        return bytes
    }

    private static func read(_ descriptor: Int32, until deadline: MonotonicTime) -> Result<[UInt8], Failure> {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let left = Int64(MonotonicTime.now.duration(to: deadline) / .milliseconds(1))
            guard left > 0 else { return .failure(.timedOut) }
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&wanted, 1, Int32(clamping: left))
            guard ready > 0 else {
                if ready < 0, errno != EINTR { return .failure(.system(errno)) }
                continue
            }
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            if count == 0 { return .success(bytes) }
            guard count > 0 else { return .failure(.system(errno)) }
            bytes += piece[..<count]
            guard bytes.count <= outputBytesMax else { return .failure(.outputTooLong) }
        }
    }

    /// Waits for the end of a process, and leaves its status to be collected. False where it did not end in time.
    private static func waitForEnd(of id: pid_t, until deadline: MonotonicTime) -> Bool {
        var information = unsafe siginfo_t()
        while true {
            unsafe information._sifields._kill.si_pid = 0
            let result = unsafe waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT | WNOHANG)
            if result == 0, unsafe information._sifields._kill.si_pid == id { return true }
            guard MonotonicTime.now < deadline else { return false }
            usleep(1000)
        }
    }

    /// Cuts a command into words: at spaces, except within single or double quotation marks. Nil where one is not closed.
    static func words(of command: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in command {
            if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == " " || character == "\t" {
                if let finished = word { words.append(finished) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return quote == nil && !words.isEmpty ? words : nil
    }
}
