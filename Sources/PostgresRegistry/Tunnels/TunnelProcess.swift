import Glibc
import PostgresLocking
import PostgresTransport

/// One run of `ssh`. A thread of its own starts it, reads what it says on standard error and collects its status; the
/// kernel kills `ssh` when that thread ends, and so when this process does, however it ends.
final class TunnelProcess: Sendable {
    /// What is known of the run.
    struct Status: Sendable {
        /// The process; nil before it was started and after its status was collected.
        var id: pid_t?
        /// How it ended; nil while it runs.
        var end: String?
        /// The last that it said, 4 KiB at most.
        var words: [UInt8] = []
        /// When it said that.
        var saidAt: MonotonicTime?
        var isToStop = false
    }

    private static let wordBytesMax = 4096

    private let state = Locked(Status())

    /// Starts a run.
    ///
    /// - Parameter folder: what is kept until the run has ended, so that it puts nothing into a folder that is gone.
    init(_ launch: ProcessLaunch, keeping folder: TunnelFolder) throws(TransportError) {
        try Thread.start(named: "pg-ssh") { [state] in
            withExtendedLifetime(folder) { Self.run(launch, state) }
        }
    }

    /// What is known of it at this moment.
    var status: Status { state.withLock { $0 } }

    /// Kills the run with all that it started. It does not wait for the end.
    func stop() {
        state.withLock { status in
            status.isToStop = true
            if let id = status.id { kill(-id, SIGKILL) }
        }
    }

    private static func run(_ launch: ProcessLaunch, _ state: Locked<Status>) {
        let nothing = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(nothing) }
        guard let pipe = ProcessPipe() else {
            state.withLock { $0.end = "no pipe: error \(errno)" }
            return
        }
        defer { close(pipe.readEnd) }
        let id: pid_t
        do throws(ProcessLaunch.Failure) {
            defer { close(pipe.writeEnd) }
            id = try launch.start(input: nothing, output: nothing, error: pipe.writeEnd)
        } catch {
            let problem =
                switch error {
                case .notFound(let program): "there is no program \(program)"
                case .system(let code): "it cannot be started: error \(code)"
                }
            state.withLock { $0.end = problem }
            return
        }
        state.withLock { status in
            status.id = id
            if status.isToStop { kill(-id, SIGKILL) }
        }
        listen(to: pipe.readEnd, state)
        waitForEnd(of: id)
        state.withLock { status in
            // Signals are sent under the lock, so none can reach another process that gets the number.
            status.id = nil
            status.end = "\(ExitStatus(waitingFor: id))"
        }
    }

    private static func listen(to descriptor: Int32, _ state: Locked<Status>) {
        var piece = [UInt8](repeating: 0, count: 1024)
        while true {
            let count = unsafe read(descriptor, &piece, piece.count)
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                return
            }
            let words = piece[..<count]
            state.withLock { status in
                status.words = Array((status.words + words).suffix(wordBytesMax))
                status.saidAt = .now
            }
        }
    }

    /// Blocks until the process has ended, and leaves its status to be collected.
    private static func waitForEnd(of id: pid_t) {
        var information = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
    }
}
