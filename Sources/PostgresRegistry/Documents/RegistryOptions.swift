import PostgresStreaming

/// How a registry reads its document, and how it keeps its pools.
public struct RegistryOptions: Sendable {
    /// The environment whose overlay is applied, such as `production`; nil, the default, for the one that the document
    /// names by its key `environment`, or none.
    public var environment: String?
    /// The environment variables that references in the document see; nil, the default, for those of the process.
    public var variables: [String: String]?
    /// Where `~`, the password file, the service file and standard certificates are looked for; nil, the default, for the
    /// home directory of the process.
    public var homeDirectory: String?
    /// Where the document is looked for by `RegistrySource.standard`; nil, the default, for the working directory.
    public var workingDirectory: String?
    /// Whether `${command:…}` runs programs. Refused by default.
    public var commands = CommandPolicy.refused
    /// Whether files with secrets may be readable by others than their owner. False by default; some schedulers of
    /// containers mount secrets so.
    public var acceptsSharedFiles = false

    /// Changes what the document says of a connection, such as to add an observer or metrics. Called once for each pool,
    /// with the connection's name.
    public var configure:
        (
            @Sendable (
                _ name: String, _ connection: inout PostgresConfiguration, _ pool: inout PostgresPoolConfiguration
            )
                -> Void
        )?
    /// Told what each reload did, also where a document was refused. Called on the task that reloads.
    public var onReload: (@Sendable (RegistryReload) -> Void)?
    /// The maximum number of pools; those of older documents that only their leases keep do not count. 256 by default; where
    /// there are as many, the one that was unused for longest is closed.
    public var poolsMax = 256
    /// A pool without a lease for longer is closed by `Registry.run()`, and made again when it is asked for. 10 minutes by
    /// default.
    public var unusedPoolTime = Duration.seconds(600)
    /// How often `Registry.run()` looks whether the files of the document have changed. One second by default; nil never
    /// looks.
    public var watchInterval: Duration? = .seconds(1)

    /// The defaults.
    public init() {}

    /// The defaults with changes.
    public init(_ change: (inout RegistryOptions) -> Void) {
        self.init()
        change(&self)
    }

    /// Whether and how references `${command:…}` run programs.
    public struct CommandPolicy: Sendable, Hashable {
        /// The time for one command; nil where none may run.
        let limit: Duration?
        /// Whether commands are lines for `/bin/sh`.
        let usesShell: Bool

        /// No command runs; a reference to one is an error.
        public static let refused = CommandPolicy(limit: nil, usesShell: false)

        /// Each command is a program and its words, separated by spaces, with single or double quotation marks around words
        /// that have spaces. No shell reads it. It is killed when it takes longer than `limit`, and 64 KiB of its output
        /// are the most that it may write.
        public static func allowed(limit: Duration = .seconds(5)) -> CommandPolicy {
            CommandPolicy(limit: limit, usesShell: false)
        }

        /// Each command is a line for `/bin/sh -c`, under the same limits.
        public static func allowedInShell(limit: Duration = .seconds(5)) -> CommandPolicy {
            CommandPolicy(limit: limit, usesShell: true)
        }
    }
}
