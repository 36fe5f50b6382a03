import PostgresWire

/// What exists of a connection only while it is being opened: what it waits for, and what an error should say beside.
final class OpeningProgress {
    /// What is waited for before the session begins.
    var step = ConnectStep.opening
    /// What to say beside the server's words if it does not accept the password.
    var passwordHint: String?
    private var failedStep: ConnectStep?

    /// What the connection waits for, or failed at.
    ///
    /// - Parameter stage: how far the session is; nil before it began and when it has ended.
    func step(at stage: StartupStage?) -> ConnectStep { failedStep ?? stage.map(ConnectStep.startup) ?? step }

    /// The connection failed; the session is about to be given up.
    func failed(at stage: StartupStage?) { failedStep = step(at: stage) }
}
