extension PostgresConfiguration {
    /// Reads a connection string, a URI or keyword=value, as libpq reads it:
    /// `postgres://app@db.example/shop?application_name=report` or `host=db.example user=app dbname=shop`.
    ///
    /// What it leaves open is filled in from the service file, if one is named, then from libpq's environment variables
    /// (`PGHOST`, `PGUSER`, …), then from libpq's defaults: the machine's own Unix-domain socket, the operating
    /// system's user, a database of the user's name. Every keyword of libpq 18 is honoured or refused with a reason.
    /// For strings from people whom you do not trust there is `init(untrusted:allowing:)`.
    ///
    /// Reads the service file, where one is named, from disk.
    ///
    /// - Throws: `configurationInvalid`, without a word of the string that could be a secret.
    public init(
        connectionString: String, environment: ConnectionEnvironment = .process
    ) throws(PostgresError) {
        let parameters = try ConnectionParameters(ConnectionString(connectionString), environment)
        try self.init(parameters, environment)
    }

    /// Gives the values their types. One line for each group of keywords, so that none is forgotten.
    init(_ parameters: ConnectionParameters, _ environment: ConnectionEnvironment) throws(PostgresError) {
        guard let user = parameters.nonEmpty(.user) else {
            throw PostgresError(.configurationInvalid, "connection string names no user, and nothing else does")
        }
        self.init(
            endpoints: try parameters.endpoints(), user: user, password: parameters.nonEmpty(.password),
            database: parameters.nonEmpty(.dbname))
        shufflesEndpoints = try parameters.word(.loadBalanceHosts, as: LoadBalancing.self) == .random
        targetSession = try parameters.word(.targetSessionAttrs, as: TargetSession.self) ?? .any
        passwordFile = parameters.nonEmpty(.passfile) ?? environment.homeDirectory.map { "\($0)/.pgpass" }
        scramKeys = try parameters.scramKeys()
        oauth = OAuth(
            issuer: parameters.nonEmpty(.oauthIssuer), clientID: parameters.nonEmpty(.oauthClientID),
            clientSecret: parameters.nonEmpty(.oauthClientSecret), scope: parameters.nonEmpty(.oauthScope))
        (allowedAuthentication, refusedAuthentication) = try parameters.requiredAuthentication()
        channelBinding = try parameters.word(.channelBinding, as: ChannelBindingMode.self) ?? .prefer
        applicationName = parameters[.applicationName] ?? parameters[.fallbackApplicationName] ?? ""
        options = parameters[.options] ?? ""
        runtimeParameters = try Self.runTimeParameters(environment)
        keepalive = try parameters.keepalive()
        tls = try parameters.tls(home: environment.homeDirectory)
        protocolVersions = try parameters.protocolVersions()
        requiredPeer = parameters.nonEmpty(.requirepeer)
        try setTimeout(parameters)
        try parameters.checkEncoding()
        try parameters.checkWhatIsMissing()
        if let password, let origin = parameters.origins[.password] { passwordOrigin = (password, origin.description) }
        do throws(PostgresError) {
            try checkEndpoints()
        } catch {
            throw parameters.naming([.host, .hostaddr, .port], in: error)
        }
        do throws(PostgresError) {
            try checkTLS()
        } catch {
            throw parameters.naming(Self.keywordsOfTLS, in: error)
        }
        do throws(PostgresError) {
            try checkOAuth()
        } catch {
            throw parameters.naming([.oauthIssuer], in: error)
        }
    }

    /// Those that can contradict each other.
    private static let keywordsOfTLS: [ConnectionKeyword] = [
        .sslmode, .sslrootcert, .sslnegotiation, .sslMinProtocolVersion, .sslMaxProtocolVersion,
    ]

    private enum LoadBalancing: String, CaseIterable {
        case disable, random
    }

    /// libpq gives each address of each host its seconds, and waits for ever at zero; nothing here waits for ever, but an
    /// hour. How many addresses a name has is not known before it is looked up.
    private mutating func setTimeout(_ parameters: ConnectionParameters) throws(PostgresError) {
        guard let seconds = try parameters.integer(.connectTimeout) else { return }
        let each = Duration.seconds(seconds > 0 ? seconds : 3600)
        addressTimeout = each
        connectTimeout = each * (endpoints.count * Self.timedAddressesMax)
    }

    /// How many addresses of each host `connect_timeout` leaves time for.
    private static let timedAddressesMax = 8

    private static func runTimeParameters(_ environment: ConnectionEnvironment) throws(PostgresError) -> [String:
        String]
    {
        var parameters: [String: String] = [:]
        for variable in ConnectionEnvironment.RunTimeVariable.allCases {
            guard let value = try environment.value(of: variable.rawValue), value.lowercased() != "default" else {
                continue
            }
            guard variable != .dateStyle || value.lowercased().hasPrefix("iso") else {
                throw PostgresError(.configurationInvalid, "PGDATESTYLE asks for dates in another style than ISO")
            }
            parameters[variable.parameter] = value
        }
        return parameters
    }
}

extension ConnectionParameters {
    func keepalive() throws(PostgresError) -> PostgresConfiguration.Keepalive {
        var keepalive = PostgresConfiguration.Keepalive(isOn: try integer(.keepalives) != 0)
        // Zero and less are libpq's words for the system's own setting.
        if let seconds = try integer(.keepalivesIdle) { keepalive.idleSeconds = seconds > 0 ? seconds : nil }
        if let seconds = try integer(.keepalivesInterval) { keepalive.intervalSeconds = seconds > 0 ? seconds : nil }
        if let count = try integer(.keepalivesCount) { keepalive.count = count > 0 ? count : nil }
        if let time = try integer(.tcpUserTimeout) { keepalive.userTimeoutMilliseconds = time > 0 ? time : nil }
        return keepalive
    }

    /// Text is UTF-8 here. Postgres ignores case and everything but letters and digits in an encoding's name.
    func checkEncoding() throws(PostgresError) {
        guard let name = nonEmpty(.clientEncoding) else { return }
        let letters = name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        guard letters == "utf8" || letters == "unicode" else {
            throw invalid(.clientEncoding, "is not UTF8", hint: "Text is UTF-8 here; the server converts it.")
        }
    }
}
