// What other clients call their settings: Npgsql, the JDBC driver, SQLAlchemy, asyncpg, psycopg, node-postgres,
// postgres.js, Prisma, Rails, Django, Laravel, ODBC, pgx, lib/pq, sqlx, tokio-postgres. Names are written as `bare` leaves
// them, so that one entry stands for "Application Name", "ApplicationName" and "application-name".

extension KeywordHint {
    /// Keywords by the names that other clients give them.
    static let otherNames: [String: ConnectionKeyword] = index(namesOfKeywords)

    /// Sentences for what is set in another place, or not at all, by the names that other clients give it.
    static let places: [String: String] = index(namesByPlace)

    private static let namesOfKeywords: [ConnectionKeyword: String] = [
        .dbname: "database db dbase databasename initialcatalog catalog pgdb",
        .user: "username userid uid usr usename login loginname loginrole pguser",
        .password: "pass pwd psw passwd secret authtoken",
        .passfile: "passwordfile pgpass",
        .host: "hostname server servername serverhost datasource address addr hosts unixsocket socket socketdir",
        .hostaddr: "hostaddress ip ipaddr ipaddress",
        .port: "portnumber serverport",
        .service: "servicename pgservicename",
        .connectTimeout: """
        timeout connectiontimeout connectiontimeoutmillis connectiontimeoutms connecttimeoutms \
        connecttimeoutmillis logintimeout dialtimeout opentimeout acquireconnectiontimeout
        """,
        .applicationName: "appname application app program programname clientname",
        .clientEncoding: "encoding charset characterset clientcharset unicode",
        .options: """
        serversettings commandlineoptions connectionoptions sessionparameters sessionvariables \
        runtimeparams runtimeparameters variables initsql
        """,
        .sslmode: """
        ssl tls usessl usetls enablessl sslenabled sslrequired tlsmode encrypt encryption trustservercertificate \
        rejectunauthorized sslaccept sslidentity sslfactory sslverify verifyssl sslhostnameverifier \
        checkcertificaterevocation
        """,
        .sslnegotiation: "directtls directssl tlsnegotiation",
        .sslrootcert: """
        sslca ca cafile cacert cacertfile cacertificate sslcacert sslcafile sslcapath sslrootca rootcert rootca \
        rootcertificate sslrootcertificate sslrootcertfile servercert servercertificate sslservercert tlsca tlscafile
        """,
        .sslcert: """
        sslcertificate sslcertfile sslclientcert sslclientcertificate clientcert clientcertificate cert certfile \
        certificate tlscert tlscertificate
        """,
        .sslkey: "sslkeyfile sslclientkey sslprivatekey clientkey privatekey keyfile tlskey tlskeyfile",
        .sslpassword: "sslkeypassword sslpassphrase sslkeypassphrase keypassword keypassphrase certpassword",
        .sslcrl: "crl crlfile sslcrlfile",
        .sslcrldir: "crldir crlpath sslcrlpath",
        .sslsni: "sni servernameindication",
        .sslMinProtocolVersion: "mintlsversion tlsminversion sslminversion minimumtlsversion tlsversion sslprotocol",
        .sslMaxProtocolVersion: "maxtlsversion tlsmaxversion sslmaxversion maximumtlsversion",
        .sslkeylogfile: "keylogfile tlskeylogfile",
        .minProtocolVersion: "minimumprotocolversion",
        .maxProtocolVersion: "protocolversion maximumprotocolversion protocol",
        .channelBinding: "channelbindingmode scramchannelbinding",
        .requireAuth: "requireauthentication authmethod authmode authentication allowedauthentication",
        .keepalives: "keepalive tcpkeepalive tcpkeepalives keepaliveenabled",
        .keepalivesIdle: """
        keepaliveidle keepalivetime tcpkeepalivetime tcpkeepalivesidle keepaliveinitialdelay \
        keepaliveinitialdelaymillis
        """,
        .keepalivesInterval: "keepaliveinterval tcpkeepaliveinterval tcpkeepalivesinterval",
        .keepalivesCount: "keepalivecount keepaliveretries keepalivesretries tcpkeepalivescount",
        .tcpUserTimeout: "usertimeout",
        .targetSessionAttrs: """
        targetsessionattributes targetsessionattr targetsession targetservertype sessionattrs servertype
        """,
        .loadBalanceHosts: "loadbalance loadbalancing loadbalancemode loadbalancehost",
        .gssencmode: "gssencryptionmode gssencryption gssencrypt",
        .krbsrvname: "kerberosservername kerberosservicename krbservicename krbspn",
        .requirepeer: "peer peername",
        .oauthIssuer: "issuer oauthissuerurl",
        .oauthClientID: "clientid oauthclient",
        .oauthClientSecret: "clientsecret",
        .oauthScope: "scope oauthscopes scopes",
    ]

    private static let namesByPlace: [String: String] = [
        "The settings of a pool are in PostgresPoolConfiguration.": """
        pool pooling poolsize poolmode poolmin poolmax poolminconns poolmaxconns poolmaxconnlifetime \
        poolmaxconnidletime poolhealthcheckperiod pooltimeout poolrecycle poolpreping pooluselifo poolname \
        minpoolsize maxpoolsize minimumpoolsize maximumpoolsize minsize maxsize min max maxconnections \
        minconnections connectionlimit connectionlifetime connectionidlelifetime connectionpruninginterval \
        connmaxage connhealthchecks maxoverflow maxlifetime maxuses maxinactiveconnectionlifetime idletimeout \
        idletimeoutmillis checkouttimeout reapingfrequency maxopenconns maxidleconns connmaxlifetime
        """,
        "The time limits of a query are in StreamOptions; the server's own is options='-c statement_timeout=5s'.": """
        commandtimeout querytimeout querytimeoutmillis sockettimeout sockettimeoutms readtimeout requesttimeout \
        executiontimeout internalcommandtimeout statementtimeoutmillis
        """,
        "How many rows come at a time is in StreamOptions.": "defaultrowfetchsize fetchsize arraysize chunksize",
        "The statements that are kept prepared are bounded by statementCache of PostgresConfiguration.": """
        preparethreshold preparedmax preparedstatements preparestatements prepare maxautoprepare \
        autoprepareminusages statementcachesize statementcachecapacity descriptioncachecapacity statementlimit \
        preparedstatementcachesize preparedstatementcachequeries preparedstatementcachesizemib \
        maxcachedstatementlifetime maxcacheablestatementsize disablepreparedstatements
        """,
        "What stands between client and server is said by pooler of PostgresConfiguration.": "pgbouncer pgpool pooler",
        "The time for a cancel request is cancelTimeout of PostgresConfiguration.": """
        cancellationtimeout cancelsignaltimeout canceltimeout
        """,
        "How often SCRAM may hash is scramIterations of PostgresConfiguration.":
            "scrammaxiterations scramiterationsmax",
        "It belongs to another client and means nothing here: leave it out.": """
        adapter driver drivername engine dialect provider scheme persistsecurityinfo enlist multiplexing \
        includerealm includeerrordetail logparameters logunclosedconnections loglevel loggerlevel loggerfile \
        noresetonclose arraynullabilitymode servercompatibilitymode readbuffersize writebuffersize \
        socketreceivebuffersize socketsendbuffersize sendbuffersize receivebuffersize tcpnodelay autosave \
        cleanupsavepoints autocommit stringtype binarytransfer binarytransferenable binarytransferdisable \
        binaryparameters disablepreparedbinaryresult prefersimpleprotocol prefersimplequery defaultqueryexecmode \
        preferquerymode rewritebatchedinserts disablecolumnsanitiser quotereturningidentifiers \
        escapesyntaxcallmode assumeminserverversion allowencodingchanges unknownlength maxresultbuffer \
        adaptivefetch hideunprivilegedobjects socketfactory jaasapplicationname jaaslogin usespnego \
        sspiserviceclass uselibpqcompat asyncfallback serverversion advisorylocks insertreturning reconnect \
        autoreconnect hostrecheckseconds hostrecheckinterval sslinline sslfactoryarg
        """,
    ]

    private static func index<Meaning: Hashable>(_ names: [Meaning: String]) -> [String: Meaning] {
        var index: [String: Meaning] = [:]
        for (meaning, list) in names {
            for name in list.split(separator: " ") { index[String(name)] = meaning }
        }
        return index
    }
}
