import PostgresTransport
import Testing

@Suite struct HostNameVerificationTests {
    /// A certificate's names in short: `cn:` before a common name, numbers with dots or colons are addresses.
    private static func names(_ texts: [String]) -> CertificateNames {
        var names = CertificateNames()
        for text in texts {
            if text.hasPrefix("cn:") {
                names.commonName = Array(text.utf8.dropFirst(3))
            } else if text == "ip:127.0.0.1" {
                names.alternativeNames.append(.address([127, 0, 0, 1]))
            } else if text == "ip:::1" {
                names.alternativeNames.append(.address([UInt8](repeating: 0, count: 15) + [1]))
            } else {
                names.alternativeNames.append(.dns(Array(text.utf8)))
            }
        }
        return names
    }

    /// The failure of a verification; nil where the host is one of the names.
    private static func failure(_ names: CertificateNames, _ host: String) -> TLSFailure? {
        do throws(TLSFailure) {
            try names.verify(host: host)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        (["db.example"], "db.example"),
        (["db.example"], "DB.Example"),
        (["DB.EXAMPLE"], "db.example"),
        (["other.example", "db.example"], "db.example"),
        (["*.example"], "db.example"),
        (["*.EXAMPLE"], "DB.example"),
        (["*.db.example"], "a.db.example"),
        (["cn:db.example"], "db.example"),
        (["cn:*.example"], "db.example"),
        (["ip:127.0.0.1", "cn:db.example"], "db.example"),
        (["ip:127.0.0.1"], "127.0.0.1"),
        (["ip:127.0.0.1"], "127.1"),
        (["ip:::1"], "::1"),
        (["ip:::1"], "0:0::0:1"),
        (["127.0.0.1"], "127.0.0.1"),
        (["cn:127.0.0.1"], "127.0.0.1"),
        (["db.example", "cn:127.0.0.1"], "127.0.0.1"),
        (["cn:::1"], "::1"),
    ])
    func `a certificate is for the hosts that it names`(texts: [String], host: String) {
        #expect(Self.failure(Self.names(texts), host) == nil)
    }

    @Test(arguments: [
        (["db.example"], "db.example.org"),
        (["db.example"], "b.example"),
        (["db.example"], "db.example."),
        (["other.example", "cn:db.example"], "db.example"),
        (["*.example"], "example"),
        (["*.example"], ".example"),
        (["*.example"], "a.b.example"),
        (["*.example"], "*.b.example"),
        (["*"], "db"),
        (["*."], "db."),
        (["d*.example"], "db.example"),
        (["*b.example"], "db.example"),
        (["db.*"], "db.example"),
        (["*.*"], "db.example"),
        (["db.*.example"], "db.a.example"),
        (["ip:127.0.0.1"], "127.0.0.2"),
        (["ip:127.0.0.1"], "::1"),
        (["ip:::1"], "127.0.0.1"),
        (["ip:127.0.0.1", "cn:127.0.0.2"], "127.0.0.2"),
        (["ip:127.0.0.1"], "db.example"),
        (["*.0.0.1"], "127.0.0.1"),
        (["db.ex\u{E4}mple"], "db.ex\u{C4}mple"),
        ([], "db.example"),
    ])
    func `a certificate is for no other host`(texts: [String], host: String) {
        #expect(Self.failure(Self.names(texts), host)?.kind == .hostMismatch)
    }

    @Test(arguments: [
        (["db.example\0.evil"], "db.example"), (["cn:db.example\0.evil"], "db.example"),
        (["\0", "db.example"], "db.example"),
    ])
    func `a name that holds a NUL is an error`(texts: [String], host: String) {
        let failure = Self.failure(Self.names(texts), host)
        #expect(failure == TLSFailure(.hostMismatch, "a name in the server's certificate contains a NUL"))
    }

    @Test(arguments: [0, 3, 5, 17])
    func `an address of another length than 4 or 16 bytes is an error`(count: Int) {
        let names = CertificateNames(alternativeNames: [.address([UInt8](repeating: 1, count: count))])
        #expect(Self.failure(names, "1.1.1.1")?.description.contains("IP address of \(count) bytes") == true)
    }

    @Test(arguments: ["", "db.example\0.evil"])
    func `a host that is no name is refused`(host: String) {
        #expect(Self.failure(Self.names(["db.example"]), host)?.kind == .settings)
    }

    @Test func `the error says what the certificate is for`() {
        func text(_ names: String...) -> String? { Self.failure(Self.names(names), "b.example")?.description }
        #expect(text("a.example") == #"server certificate for "a.example" does not match host name "b.example""#)
        #expect(
            text("a.example", "ip:::1")
                == #"server certificate for "a.example" (and 1 other name) does not match host name "b.example""#)
        #expect(
            text("ip:127.0.0.1", "::1", "cn:c.example")
                == #"server certificate for "127.0.0.1" (and 1 other name) does not match host name "b.example""#)
        #expect(
            text("a.example", "c", "d")
                == #"server certificate for "a.example" (and 2 other names) does not match host name "b.example""#)
        #expect(text() == "could not get the server's host name from its certificate")
    }

    @Test func `names in an error are printable and short`() throws {
        let name = "a\n\u{1B}[31m\"\\\u{E4}" + String(repeating: "x", count: 9000)
        let text = try #require(Self.failure(Self.names([name]), "b.example")?.description)
        #expect(text.hasPrefix(#"server certificate for "a\x0a\x1b[31m\x22\x5c\xc3\xa4xxx"#))
        #expect(text.utf8.count < 400)
    }
}
