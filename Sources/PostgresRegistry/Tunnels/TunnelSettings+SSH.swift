import Glibc

extension TunnelSettings {
    /// What `ssh` is configured with. A file and not arguments, because that reaches the hosts on the way as well; those of
    /// the user and of the system are not read.
    var configurationText: String {
        var lines = ["Host tunnel", "  HostName \(host)", "  Port \(port)"]
        if let user { lines.append("  User \(user)") }
        if !jumpHosts.isEmpty { lines.append("  ProxyJump \(jumpHosts.joined(separator: ","))") }
        lines += [
            "Host *", "  BatchMode yes", "  StrictHostKeyChecking yes", "  UpdateHostKeys no",
            "  ExitOnForwardFailure yes", "  ServerAliveInterval \(Self.seconds(aliveInterval))",
            "  ServerAliveCountMax 3", "  ConnectTimeout \(Self.seconds(connectTimeout))",
            "  StreamLocalBindMask 0177", "  StreamLocalBindUnlink yes", "  ControlMaster no", "  ControlPath none",
            "  ForwardAgent no", "  ForwardX11 no", "  PermitLocalCommand no", "  LogLevel INFO",
        ]
        if let keyFile {
            lines += ["  IdentityFile \(Self.quoted(keyFile))", "  IdentitiesOnly yes"]
        }
        if let knownHostsFile {
            lines += ["  UserKnownHostsFile \(Self.quoted(knownHostsFile))", "  GlobalKnownHostsFile /dev/null"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// How `ssh` is started with that.
    func launch(in folder: TunnelFolder) -> ProcessLaunch {
        var words = ["ssh", "-N", "-T", "-F", folder.configuration]
        for (index, target) in targets.enumerated() {
            let host = target.host.contains(":") ? "[\(target.host)]" : target.host
            words += ["-L", "\(folder.socket(index)):\(host):\(target.port)"]
        }
        return ProcessLaunch(words: words + ["tunnel"], environment: Self.environment)
    }

    /// What `ssh` needs to find its agent, its user's files and the programs that it starts.
    private static var environment: [String] {
        let names = ["HOME", "USER", "LOGNAME", "PATH", "SSH_AUTH_SOCK"]
        return names.compactMap { name in unsafe getenv(name).map { unsafe "\(name)=\(String(cString: $0))" } }
            + ["LC_ALL=C"]
    }

    private static func seconds(_ time: Duration) -> Int {
        max(1, Int(min(time, .seconds(86_400)) / .seconds(1)))
    }

    /// A path in quotation marks; a percent sign would be replaced by something otherwise.
    private static func quoted(_ path: String) -> String {
        "\"\(path.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%"))\""
    }
}
