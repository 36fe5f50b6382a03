import PostgresRegistry
import PostgresTestSupport
import Testing

/// Documents that are damaged at random are read or refused, and no refusal holds a secret.
@Suite struct DamagedDocumentTests {
    private static let rounds = environmentText("REGISTRY_SECONDS") == nil ? 300 : 20_000

    private static let document = """
        environment: ${APP_ENV:-test}
        templates:
          base: {user: app, password: "geheim 4711", pool: {connections_max: 4}, ssh: {host: b.example, jump: "a@c"}}
          more: {template: base, url: "postgres://u:geheim%204711@db.example:5433/shop", parameters: {search_path: a}}
        connections:
          orders: {template: more, hostaddr: 10.0.0.1, labels: {x: y}}
          stock: {template: [base, more], host: "${HOST:-h}", limits: {query_timeout: 3s}, sslpassword: geheim 4711}
        environments:
          test: {protected: true, connections: {orders: {host: o.example, ssh: off}}}
        groups: {all: [orders, stock]}

        """

    private static let words = [
        "${", "}", "$${", "${A:-", "${file:", "${command:", "template: ", "more", "base", "url: ", "ssh: ", "host: ",
        "{", "}", "[",
        "]", ": ", ",", "\n", "  ", "*a", "&a ", "off", "true", "99999999999", "include: x\n",
    ]

    @Test func `a damaged document is read or refused with its place`() async {
        #expect(await problems(Self.document) == [])
        let seed = UInt64.random(in: 0 ... .max)
        var mutations = ByteMutations(seed: seed, words: Self.words)
        var refused = 0
        for _ in 0..<Self.rounds {
            let text = String(decoding: mutations.next(of: Array(Self.document.utf8)), as: UTF8.self)
            let error = await refusal { () throws(RegistryError) in
                let document = try await read(text)
                for name in document.names { _ = try document.explain(name).description }
            }
            guard let error else { continue }
            refused += 1
            #expect(!error.problems.isEmpty && error.problems.count <= 100)
            #expect(!error.description.contains("geheim"), "seed \(seed): \(error)\n\(text)")
        }
        #expect(refused > Self.rounds / 10 && refused < Self.rounds, "seed \(seed)")
    }
}
