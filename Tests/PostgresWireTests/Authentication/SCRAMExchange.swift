import PostgresTestSupport
import PostgresWire

/// A whole exchange as it went over the wire.
struct SCRAMExchange: Sendable, CustomStringConvertible {
    let description: String
    var password = "pencil"
    var user = ""
    let clientFirst: String
    let serverFirst: String
    let clientFinal: String
    let serverFinal: String

    /// The example of RFC 7677, section 3.
    static let rfc7677 = SCRAMExchange(
        description: "RFC 7677", user: "user",
        clientFirst: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
        serverFirst: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        clientFinal: "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        serverFinal: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")

    /// Recorded with PostgreSQL 15, which accepted the proof.
    static let postgres = SCRAMExchange(
        description: "PostgreSQL 15",
        clientFirst: "n,,n=,r=cG9zdGdyZXMtc3RyZWFtaW5n",
        serverFirst: "r=cG9zdGdyZXMtc3RyZWFtaW5ndf9ZOzeE8lO7jodkZSqnK6nS,s=ujmlkrTKo9C5mFMvUBOm2g==,i=4096",
        clientFinal: "c=biws,r=cG9zdGdyZXMtc3RyZWFtaW5ndf9ZOzeE8lO7jodkZSqnK6nS,"
            + "p=S9jv5BUtr0G5A8YvbZW8jtbBLf7ZHTTtbyASpWtOCdg=",
        serverFinal: "v=NFCd10VJ2uzWr64GQNmg/H/SjfNyOij/NEpGdC6mzgg=")

    /// Recorded likewise; the password was set with CREATE ROLE.
    static let postgresUnicode = SCRAMExchange(
        description: "PostgreSQL 15, password beyond ASCII", password: "pässwörd",
        clientFirst: "n,,n=,r=cG9zdGdyZXMtc3RyZWFtaW5n",
        serverFirst: "r=cG9zdGdyZXMtc3RyZWFtaW5nKOI2ysjh9MB/bGbjPbdWEpA9,s=XPualvocv6AL7HbLQq0Cnw==,i=4096",
        clientFinal: "c=biws,r=cG9zdGdyZXMtc3RyZWFtaW5nKOI2ysjh9MB/bGbjPbdWEpA9,"
            + "p=wNtSFqS0UYGKnGTnr+cEI3SBgy2D1bMNys8SddEN7eg=",
        serverFinal: "v=RSReF7CyNlH/ksCr9KCRlSLY/ARQHufkBDcPv95jbZg=")

    /// Plays the client and returns what it said; throws where it refuses.
    func play<Crypto: Cryptography>(
        _ client: inout SCRAMClient<Crypto>, serverFirst: [UInt8]? = nil, serverFinal: [UInt8]? = nil
    ) throws -> [String] {
        let first = try client.clientFirstMessage()
        let source = try client.receive(serverFirst: serverFirst ?? Array(self.serverFirst.utf8))
        let final = try client.clientFinalMessage(keys: source.keys(using: Crypto.self)).bytes
        try client.verify(serverFinal: serverFinal ?? Array(self.serverFinal.utf8))
        return [first, final].map { String(decoding: $0, as: UTF8.self) }
    }
}
