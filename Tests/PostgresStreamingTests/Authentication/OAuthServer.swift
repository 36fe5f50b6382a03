import Glibc
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// A real PostgreSQL 18 that takes OAuth tokens, with a validator that is compiled for it; shared by the tests of one
/// process.
///
/// `o_user` gets in with a token `good-…`. `o_echo` too, and what the server took for its identity is the token itself.
struct OAuthServer: Sendable {
    let server: PostgresServer

    static let scope = "openid postgres"

    /// Where the machine lacks the server, its headers or a compiler, the running test is cancelled.
    static var shared: OAuthServer {
        get async throws {
            // Asked for here, so that its lack cancels the test that runs.
            let headers = "\(try await LiveServer.postgres18.server.binaries.directory)/../include/server"
            do {
                return try await Shared.one.server(headers: headers)
            } catch let missing as Missing {
                print("↳ not run: \(missing.reason)")
                try Test.cancel("\(missing.reason)")
            }
        }
    }

    /// Something that it takes to compile the validator.
    private struct Missing: Error {
        let reason: String
    }

    private static let rule = "oauth issuer=\"\(OAuthScript.issuer)\" scope=\"\(scope)\""
    private static let rules = [
        "local all o_user \(rule)", "host all o_user 127.0.0.1/32 \(rule)",
        "local all o_echo \(rule) delegate_ident_mapping=1",
        "local all o_other oauth issuer=\"https://other.example/x\" scope=\"a\"",
    ]

    private static let validator = """
        #include "postgres.h"
        #include "fmgr.h"
        #include "libpq/oauth.h"

        PG_MODULE_MAGIC;

        static bool
        validate(const ValidatorModuleState *state, const char *token, const char *role, ValidatorModuleResult *result)
        {
            if (strncmp(token, "good-", 5) == 0)
            {
                result->authorized = true;
                result->authn_id = pstrdup(strcmp(role, "o_echo") == 0 ? token : role);
            }
            return true;
        }

        static const OAuthValidatorCallbacks callbacks = {PG_OAUTH_VALIDATOR_MAGIC, .validate_cb = validate};

        const OAuthValidatorCallbacks *
        _PG_oauth_validator_module_init(void)
        {
            return &callbacks;
        }
        """

    /// How to connect as a role over the Unix socket, without an environment.
    func configuration(
        _ role: String, issuer: String = OAuthScript.issuer, parameters: String = "", token: String = "good-1"
    ) throws -> PostgresConfiguration {
        var configuration = try PostgresConfiguration(
            connectionString: "\(server.url(user: role))&oauth_issuer=\(issuer)&\(parameters)connect_timeout=60",
            environment: .none)
        configuration.tokenProvider = TokenSource(token).provider
        return configuration
    }

    private static func start(headers: String) async throws -> OAuthServer {
        let library = try await compile(headers: headers)
        let server = try await LiveServer.postgres18.startAnother { options in
            options.accessRules = rules
            options.configuration = ["oauth_validator_libraries": library]
        }
        try await PostgresConnection.withConnection(server.url) { admin in
            for role in ["o_user", "o_echo", "o_other"] {
                try await admin.execute(PostgresQuery(unsafeSQL: "CREATE ROLE \(role) LOGIN"))
            }
        }
        return OAuthServer(server: server)
    }

    private static func compile(headers: String) async throws -> String {
        var template = Array("/tmp/postgres-streaming-validator-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw ScriptedServer.Mismatch(description: "cannot make a directory in /tmp")
        }
        let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        leftover.withLock { $0 = directory }
        atexit {
            if let directory = OAuthServer.leftover.withLock({ $0 }) { unsafe system("rm -rf '\(directory)'") }
        }
        // The server runs as another user.
        unsafe chmod(directory, 0o755)
        try TemporaryDirectory.write(validator, to: "\(directory)/validator.c")
        let command = [
            "cc", "-shared", "-fPIC", "-O1", "-I\(headers)", "-o", "\(directory)/validator.so",
            "\(directory)/validator.c",
        ]
        guard unsafe access("\(headers)/libpq/oauth.h", R_OK) == 0 else {
            throw Missing(reason: "logins by OAuth, for want of the headers of PostgreSQL 18")
        }
        guard let result = try? await ChildProcess.capture(command) else {
            throw Missing(reason: "logins by OAuth, for want of a C compiler")
        }
        try #require(result.status == .code(0), "\(result.output)")
        return "\(directory)/validator"
    }

    private static let leftover = Locked<String?>(nil)

    private actor Shared {
        static let one = Shared()
        private var starting: Task<OAuthServer, any Error>?

        func server(headers: String) async throws -> OAuthServer {
            let task = starting ?? Task { try await OAuthServer.start(headers: headers) }
            starting = task
            return try await task.value
        }
    }
}
