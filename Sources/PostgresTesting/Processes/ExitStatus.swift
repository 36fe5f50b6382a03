/// How a process ended.
package enum ExitStatus: Sendable, Equatable, CustomStringConvertible {
    /// It ended by itself with this code; zero is success.
    case code(Int32)
    /// A signal ended it.
    case signal(Int32)
    /// Somebody else in this process collected its status first.
    case unknown

    /// Takes the status apart that `waitpid` stores.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .code((waitStatus >> 8) & 0xff) : .signal(signal)
    }

    package var description: String {
        switch self {
        case .code(let code): "exit code \(code)"
        case .signal(let signal): "signal \(signal)"
        case .unknown: "unknown status"
        }
    }
}
