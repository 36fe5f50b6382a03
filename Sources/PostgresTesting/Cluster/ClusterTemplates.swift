import Glibc

/// The data directories that servers are copied from: `initdb` takes a second, a copy a tenth of one.
///
/// A template is made when a second server of its kind is started, so that a process with one server pays for none.
/// They go when the process ends, by watchdogs as those of servers.
actor ClusterTemplates {
    /// What `initdb` is told. Servers that agree in it differ in nothing but their configuration.
    struct Kind: Hashable {
        let binaries: ServerBinaries
        let superuser: String
        let password: String
        /// Set by `initdb` as `password_encryption`, and stored with the password.
        let isMD5: Bool

        /// Nil where there is none for such servers: the arguments may name directories that a copy would share.
        init?(_ options: PostgresServerOptions, _ binaries: ServerBinaries, password: String) {
            guard options.initdbArguments.isEmpty else { return nil }
            self.binaries = binaries
            self.password = password
            superuser = options.superuser
            isMD5 = options.authentication == .md5
        }
    }

    /// A directory, and the watchdog that removes it.
    struct Template: Sendable {
        let directory: ServerDirectory
        let watchdog: Watchdog
    }

    static let shared = ClusterTemplates()

    /// Most kinds that are remembered.
    private static let kindsMax = 64
    /// Most templates that are made, each of some 40 MB of disk.
    private static let templatesMax = 8

    /// By kind, the template, or nil while one server of the kind was started.
    private var templates: [Kind: Task<Template?, Never>?] = [:]

    /// The template to copy for one more server; nil where `initdb` is to be run for it.
    ///
    /// - Parameter make: Makes a template; nil where that fails, and then the servers' own `initdb` says why.
    func template(_ kind: Kind, make: @escaping @Sendable () async -> Template?) async -> Template? {
        guard let known = templates[kind] else {
            if templates.count < Self.kindsMax { templates.updateValue(nil, forKey: kind) }
            return nil
        }
        if let known { return await known.value }
        guard templates.values.count(where: { $0 != nil }) < Self.templatesMax else { return nil }
        let task = Task.detached { await make() }
        templates[kind] = task
        return await task.value
    }
}

extension DatabaseCluster {
    /// Fills the data directory, by copying a template where there is one for servers of this kind.
    func fill(_ configuration: ServerConfiguration, password: String) async throws(PostgresServerError) {
        var template: ClusterTemplates.Template?
        if let kind = ClusterTemplates.Kind(configuration.options, binaries, password: password) {
            template = await ClusterTemplates.shared.template(kind) {
                await makeTemplate(configuration, password: password)
            }
        }
        guard let template else { return try await runInitdb(configuration, password: password) }
        try await copy(template.directory)
        try SystemIdentifier.renew(in: directory.data)
    }

    private func makeTemplate(
        _ configuration: ServerConfiguration, password: String
    ) async -> ClusterTemplates.Template? {
        guard let directory = try? ServerDirectory(account: account),
            let watchdog = try? await Watchdog.start(over: directory)
        else { return nil }
        let cluster = DatabaseCluster(
            binaries: binaries, account: account, directory: directory, startSecondsMax: startSecondsMax)
        do throws(PostgresServerError) {
            try await cluster.runInitdb(configuration, password: password)
            try SystemIdentifier.renew(in: directory.data)
            return ClusterTemplates.Template(directory: directory, watchdog: watchdog)
        } catch {
            await watchdog.finish()
            return nil
        }
    }

    private func copy(_ template: ServerDirectory) async throws(PostgresServerError) {
        let command = ["cp", "-a", "--reflink=auto", "\(template.data)/.", directory.data]
        let (status, output) = try await ChildProcess.capture(
            account.command(command), secondsMax: Self.initializationSecondsMax)
        guard status == .code(0) else {
            throw PostgresServerError(
                .initializationFailed, "could not copy a data directory: \(status)", detail: output)
        }
    }
}
