extension ConnectionKeyword {
    /// The environment variable that speaks for the keyword where the connection string does not (manual:
    /// "Environment Variables").
    public var environmentVariable: String? { Self.environmentVariables[self] }

    private static let environmentVariables: [ConnectionKeyword: String] = [
        .service: "PGSERVICE", .user: "PGUSER", .password: "PGPASSWORD", .passfile: "PGPASSFILE",
        .channelBinding: "PGCHANNELBINDING", .connectTimeout: "PGCONNECT_TIMEOUT", .dbname: "PGDATABASE",
        .host: "PGHOST", .hostaddr: "PGHOSTADDR", .port: "PGPORT", .clientEncoding: "PGCLIENTENCODING",
        .options: "PGOPTIONS", .applicationName: "PGAPPNAME", .sslmode: "PGSSLMODE",
        .sslnegotiation: "PGSSLNEGOTIATION", .sslcompression: "PGSSLCOMPRESSION", .sslcert: "PGSSLCERT",
        .sslkey: "PGSSLKEY", .sslcertmode: "PGSSLCERTMODE", .sslrootcert: "PGSSLROOTCERT", .sslcrl: "PGSSLCRL",
        .sslcrldir: "PGSSLCRLDIR", .sslsni: "PGSSLSNI", .requirepeer: "PGREQUIREPEER", .requireAuth: "PGREQUIREAUTH",
        .minProtocolVersion: "PGMINPROTOCOLVERSION", .maxProtocolVersion: "PGMAXPROTOCOLVERSION",
        .sslMinProtocolVersion: "PGSSLMINPROTOCOLVERSION", .sslMaxProtocolVersion: "PGSSLMAXPROTOCOLVERSION",
        .gssencmode: "PGGSSENCMODE", .krbsrvname: "PGKRBSRVNAME", .gsslib: "PGGSSLIB",
        .gssdelegation: "PGGSSDELEGATION", .targetSessionAttrs: "PGTARGETSESSIONATTRS",
        .loadBalanceHosts: "PGLOADBALANCEHOSTS",
    ]
}
