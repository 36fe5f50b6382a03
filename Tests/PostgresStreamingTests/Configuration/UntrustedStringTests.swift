import PostgresStreaming
import Testing

@Suite struct UntrustedStringTests {
    @Test func `a string that says where and who is taken`() throws {
        let configuration = try PostgresConfiguration(
            untrusted: "postgres://app:secret@db.example:5433/shop?connect_timeout=2")
        #expect(configuration.endpoints == [.tcp(host: "db.example", port: 5433)])
        #expect(configuration.user == "app" && configuration.password == "secret" && configuration.database == "shop")
        #expect(configuration.passwordFile == nil)
    }

    @Test(arguments: [
        "host=h user=u service=x", "host=h user=u passfile=/etc/shadow", "host=h user=u sslkeylogfile=/tmp/x",
        "host=h user=u sslmode=disable", "host=h user=u requiressl=1", "postgres://u@h?ssl=true",
        "host=h user=u require_auth=password", "host=h user=u options='-c x=y'", "host=h user=u hostaddr=127.0.0.1",
        "host=h", "user=u", "host=/tmp user=u", "host=@abstract user=u", "host='' user=u", "host=h,/tmp user=u",
        "host=h, user=u",
    ])
    func `what it may not say is refused`(text: String) {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(untrusted: text) }
        #expect(error?.code == .configurationInvalid)
    }

    @Test func `the keyword that is not allowed is named`() {
        let error = #expect(throws: PostgresError.self) {
            try PostgresConfiguration(untrusted: "host=h user=u passfile=/etc/shadow")
        }
        #expect(error?.message == "connection string may not set \"passfile\" here")
    }

    @Test func `what is allowed is up to the caller`() throws {
        let configuration = try PostgresConfiguration(
            untrusted: "host=h user=u options=-cx=y", allowing: [.host, .user, .options])
        #expect(configuration.options == "-cx=y")
        #expect(throws: PostgresError.self) {
            try PostgresConfiguration(untrusted: "host=h user=u password=p", allowing: [.host, .user])
        }
    }
}
