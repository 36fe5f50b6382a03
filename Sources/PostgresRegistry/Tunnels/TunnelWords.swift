import PostgresStreaming
import PostgresTransport

/// What `ssh` said, as it may stand in an error: on one line, each thing once, without secrets and without the frames that it
/// draws.
struct TunnelWords {
    let text: String
    /// What it means for a connection.
    let code: PostgresError.Code
    /// What to do about it.
    let hint: String?

    private static let charactersMax = 600

    init(_ bytes: [UInt8], hiding secrets: [Secret]) {
        var said: [String] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let visible = line.filter { ($0.unicodeScalars.first?.value ?? 0) >= 0x20 }
            let plain = visible.hasPrefix("@") ? visible.drop { "@ ".contains($0) }.prefix { $0 != "@" } : visible[...]
            var end = plain
            while end.last == " " { end.removeLast() }
            if !end.isEmpty, !said.contains(String(end)) { said.append(String(end)) }
        }
        let whole = said.joined(separator: "; ")
        if whole.contains("HOST IDENTIFICATION HAS CHANGED") {
            // Most of the twelve lines is a warning in general words.
            said = said.filter { line in
                ["HAS CHANGED", "Offending", "verification failed"].contains { line.contains($0) }
            }
        }
        text = Secret.scrub(String(said.joined(separator: "; ").suffix(Self.charactersMax)), of: secrets)
        if whole.contains("Host key verification failed") {
            code = .serverNotVerified
            hint = "Compare the host's key with the one in the file of known hosts."
        } else if whole.contains("Permission denied") {
            code = .authenticationFailed
            hint = "The host accepts none of the keys: see ssh.user and ssh.key."
        } else {
            (code, hint) = (.connectFailed, nil)
        }
    }
}

extension TunnelProcess.Status {
    /// Whether something was said in the last second.
    var hasJustSpoken: Bool {
        saidAt.map { $0.duration(to: .now) < .seconds(1) } ?? false
    }
}
