import PostgresLocking
import PostgresStreaming
import PostgresTransport

/// Leads connections through `ssh`, which is started when the first of them is opened and again when it has ended.
///
/// The tunnel belongs to the configuration that goes through it: with the last reference `ssh` is killed.
final class SSHTunnel: Sendable {
    private struct State {
        var folder: TunnelFolder?
        var process: TunnelProcess?
    }

    private let settings: TunnelSettings
    private let secrets: [Secret]
    private let state = Locked(State())

    init(_ settings: TunnelSettings, hiding secrets: [Secret]) {
        self.settings = settings
        self.secrets = secrets
    }

    deinit { state.withLock { $0.process }?.stop() }

    // MARK: the way

    /// The socket that leads to a server, when `ssh` listens on it.
    func addresses(
        _ host: String, _ port: UInt16, _ deadline: MonotonicTime
    ) async throws(TransportError) -> [SocketAddress] {
        guard let index = settings.targets.firstIndex(where: { $0.name == host && $0.port == port }) else {
            throw .unresolved(host: host, reason: "the tunnel does not lead to that host")
        }
        let (folder, process) = try start()
        let end = min(deadline, MonotonicTime.now + settings.connectTimeout)
        var looks = 0
        // Seen twice, because a socket is there a moment before `ssh` listens on it.
        while looks < 2 {
            guard process.status.end == nil else { throw .unresolved(host: host, reason: "the SSH tunnel ended") }
            looks += folder.hasSockets ? 1 : 0
            guard MonotonicTime.now < end else { throw .timedOut }
            if looks < 2 { try await Self.pause() }
        }
        guard let address = SocketAddress(unixPath: folder.socket(index)) else {
            throw .unresolved(host: host, reason: "the path of the tunnel's socket is too long")
        }
        return [address]
    }

    private static func pause() async throws(TransportError) {
        do {
            try await Task.sleep(for: .milliseconds(5))
        } catch {
            throw .cancelled
        }
    }

    /// The run that there is, or a new one where there is none or it has ended.
    private func start() throws(TransportError) -> (TunnelFolder, TunnelProcess) {
        try state.withLock { state throws(TransportError) in
            if let folder = state.folder, let process = state.process, process.status.end == nil {
                return (folder, process)
            }
            guard let folder = state.folder ?? TunnelFolder(socketCount: settings.targets.count),
                folder.write(settings.configurationText)
            else { throw .unresolved(host: settings.host, reason: "no folder for the tunnel's sockets can be made") }
            folder.removeSockets()
            state.folder = folder
            let process = try TunnelProcess(settings.launch(in: folder), keeping: folder)
            state.process = process
            return (folder, process)
        }
    }

    // MARK: what ssh says

    /// Adds what `ssh` said to an error of connecting, without secrets.
    func explain(_ error: PostgresError) async -> PostgresError {
        let about: Set<PostgresError.Code> = [.connectFailed, .hostNotFound, .connectTimedOut, .connectRefusedByServer]
        guard about.contains(error.code), let status = await statusAfterWords() else { return error }
        let words = TunnelWords(status.words, hiding: secrets)
        guard let end = status.end else {
            guard status.hasJustSpoken, !words.text.isEmpty else { return error }
            return PostgresError(
                error.code, "\(error.message) (ssh through \(settings) says: \(words.text))", hint: error.hint,
                isConnectionUsable: false)
        }
        let problem = words.text.isEmpty ? "ssh ended with \(end)" : words.text
        return PostgresError(
            words.code, "could not open the SSH tunnel through \(settings): \(problem)", hint: words.hint,
            isConnectionUsable: false)
    }

    /// How the run stands. A connection that `ssh` ends is seen a moment before it says why, which is waited for.
    private func statusAfterWords() async -> TunnelProcess.Status? {
        for _ in 0..<20 {
            guard let status = state.withLock({ $0.process?.status }) else { return nil }
            if status.end != nil || status.hasJustSpoken { return status }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return state.withLock { $0.process?.status }
    }
}

extension TunnelSettings {
    /// Has a configuration's connections go through a tunnel of their own. Names, TLS and passwords stay those of the
    /// servers; what address a name has is up to the host that the tunnel goes through.
    func lead(_ configuration: inout PostgresConfiguration, hiding secrets: [Secret]) {
        let tunnel = SSHTunnel(self, hiding: secrets)
        configuration.endpoints = targets.map { .tcp(host: $0.name, port: $0.port) }
        configuration.route = ConnectionRoute { host, port, deadline throws(TransportError) in
            try await tunnel.addresses(host, port, deadline)
        } explain: { error in
            await tunnel.explain(error)
        }
    }
}
