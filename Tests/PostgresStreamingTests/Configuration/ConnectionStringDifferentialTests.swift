import PostgresStreaming
import PostgresTestSupport
import Testing

/// Reads the same strings with libpq and compares every field.
@Suite(.timeLimit(.minutes(1))) struct ConnectionStringDifferentialTests {
    /// Where we mean to differ, and why.
    private enum Difference: String {
        case none
        /// In a careless URL it is part of a password, which libpq would take for a host and print.
        case rawAtSign = "a raw \"@\" behind the credentials"
        /// A Swift String cannot hold it.
        case notUTF8 = "percent-encoded bytes that are not UTF-8"
        /// libpq 15 takes them into the value; from 18 on they are dropped at the ends and refused inside.
        case spaceInURI = "a space in a URI"
    }

    private static func difference(
        _ text: String, _ libpq: ReferenceLibpq
    ) -> Difference {
        let isURI = text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
        if isURI, hasLateAtSign(text) { return .rawAtSign }
        if isURI, String(validating: percentDecoded(text), as: UTF8.self) == nil { return .notUTF8 }
        if isURI, text.contains(" "), libpq.version < 170_000 { return .spaceInURI }
        return .none
    }

    private static func percentDecoded(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Substring(text)
        while let character = rest.popFirst() {
            if character == "%", let byte = UInt8(rest.prefix(2), radix: 16) {
                bytes.append(byte)
                rest = rest.dropFirst(2)
            } else {
                bytes += Array(character.utf8)
            }
        }
        return bytes
    }

    private static func hasLateAtSign(_ text: String) -> Bool {
        guard let scheme = text.firstRange(of: "://") else { return false }
        var rest = text[scheme.upperBound...]
        if let end = rest.firstIndex(where: { $0 == "@" || $0 == "/" }), rest[end] == "@" {
            rest = rest[rest.index(after: end)...]
        }
        return rest.prefix { $0 != "?" }.contains("@")
    }

    private static func ours(_ text: String) -> [ConnectionKeyword: String]? { try? ConnectionString(text).values }

    @Test(arguments: ReferenceLibpq.all)
    func `every generated string is read as libpq reads it, or is one of those named`(libpq: ReferenceLibpq) {
        let seed: UInt64 = 2026
        var generator = ConnectionStringGenerator(seed: seed, keywords: libpq.keywords)
        var (compared, accepted, different) = (0, 0, 0)
        for _ in 0..<8_000 {
            let text = generator.next()
            let (theirs, ours) = (libpq.parse(text), Self.ours(text))
            guard Self.difference(text, libpq) == .none else {
                different += 1
                continue
            }
            #expect(ours == theirs, "\(text.debugDescription) (seed \(seed))")
            compared += 1
            accepted += theirs == nil ? 0 : 1
        }
        print("\(libpq): \(compared) strings compared, \(accepted) of them accepted, \(different) set apart")
        #expect(accepted > 1_000 && compared - accepted > 1_000)
    }

    @Test(arguments: ReferenceLibpq.all)
    func `the manual's own examples are read as libpq reads them`(libpq: ReferenceLibpq) {
        for text in [
            "host=localhost port=5432 dbname=mydb connect_timeout=10", "postgresql://", "postgresql://localhost",
            "postgresql://localhost:5433", "postgresql://localhost/mydb", "postgresql://user@localhost",
            "postgresql://user:secret@localhost",
            "postgresql://other@localhost/otherdb?connect_timeout=10&application_name=myapp",
            "postgresql://host1:123,host2:456/somedb?target_session_attrs=any&application_name=myapp",
            "postgresql://user@localhost:5433/mydb?options=-c%20synchronous_commit%3Doff",
            "postgresql://[2001:db8::1234]/database", "postgresql:///dbname?host=localhost&port=5433",
            "postgresql://%2Fvar%2Flib%2Fpostgresql/dbname", "postgresql://u?x:p?y@h", "", " ", "=", "a", "host",
            "host=",
            "host='", "host=''", "host='a'port=1", "host=a\\", "host=\\'a\\ b", "postgres://?", "postgres://h?&",
            "postgres://h?host=a&host=b", "postgres://h?ssl=true", "postgres://h?ssl=false", "requiressl=1",
            "requiressl=0",
            "host=a host=b", "postgres:/h", "POSTGRES://h", "postgres://h:1:2", "postgres://,", "postgres://a,:1",
            "postgres://a:1,b/x", "postgres://h/a/b", "postgres://h?dbname==", "postgres://h?a", "mysql://u:p@h",
        ] {
            #expect(Self.ours(text) == libpq.parse(text), "\(text.debugDescription)")
        }
    }

    @Test(arguments: ReferenceLibpq.all)
    func `what libpq cannot use is refused too`(libpq: ReferenceLibpq) {
        for text in [
            "port=0", "port=65536", "port=-1", "port=x", "port=1,2", "host=/nonexistent,/nonexistent port=1,2,3",
            "port=' 1 '",
            "hostaddr=127.0.0.1,127.0.0.1", "sslmode=", "sslmode=PREFER", "sslmode=prefer", "sslmode=disable",
            "channel_binding=", "channel_binding=disable", "channel_binding=Require", "target_session_attrs=foo",
            "target_session_attrs=", "gssencmode=", "gssencmode=disable", "load_balance_hosts=",
            "load_balance_hosts=random",
            "require_auth=md5,md5", "require_auth=!md5,none", "require_auth=!md5,!none", "require_auth=",
            "require_auth=foo",
            "require_auth=password,", "require_auth=gss", "max_protocol_version=3.1", "max_protocol_version=latest",
            "max_protocol_version=3.0", "max_protocol_version=", "min_protocol_version=2", "sslnegotiation=foo",
            "scram_client_key=AAAA", "dbname=", "user=x application_name=y", "client_encoding=", "replication=",
        ] {
            guard ConnectionKeyword.all.allSatisfy({ libpq.keywords.contains($0) || !text.contains($0.rawValue) })
            else { continue }
            let string = "host=/nonexistent user=app sslmode=disable \(text)"
            let message = libpq.begin(string).message
            let isRefused = !message.contains("/nonexistent") && !message.contains("127.0.0.1")
            let ours = try? PostgresConfiguration(connectionString: string, environment: .none)
            #expect((ours == nil) == isRefused, "\(text): \(message)")
        }
    }
}
