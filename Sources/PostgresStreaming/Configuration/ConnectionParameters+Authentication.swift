import PostgresWire

extension ConnectionParameters {
    /// What `require_auth` says: a list of methods, or a list of methods that are each negated by `!`.
    func requiredAuthentication() throws(PostgresError) -> (
        allowed: Set<PostgresConfiguration.AuthenticationMethod>?,
        refused: Set<PostgresConfiguration.AuthenticationMethod>
    ) {
        var named: Set<PostgresConfiguration.AuthenticationMethod> = []
        var isNegated: Bool?
        for text in list(.requireAuth) {
            let negates = text.hasPrefix("!")
            guard isNegated == nil || isNegated == negates else {
                throw invalid(.requireAuth, "mixes methods with negated methods")
            }
            isNegated = negates
            guard
                let method = PostgresConfiguration.AuthenticationMethod(
                    rawValue: String(text.dropFirst(negates ? 1 : 0)))
            else {
                let names = PostgresConfiguration.AuthenticationMethod.allCases.map(\.rawValue)
                throw invalid(.requireAuth, "names a method that is none of \(names.joined(separator: ", "))")
            }
            guard named.insert(method).inserted else {
                throw invalid(.requireAuth, "names \(method.rawValue) twice")
            }
        }
        guard let isNegated else { return (nil, []) }
        return isNegated ? (nil, named) : (named, [])
    }

    /// The two keys of SCRAM, which come together.
    func scramKeys() throws(PostgresError) -> PostgresConfiguration.SCRAMKeys? {
        let (client, server) = (nonEmpty(.scramClientKey), nonEmpty(.scramServerKey))
        guard client != nil || server != nil else { return nil }
        guard let client, let server else {
            throw invalid(
                "scram_client_key and scram_server_key can only be used together",
                because: [.scramClientKey, .scramServerKey],
                hint: "With one of them alone either side could not be verified.")
        }
        guard
            let clientKey = Base64.decode(client.utf8), let serverKey = Base64.decode(server.utf8),
            let keys = PostgresConfiguration.SCRAMKeys(clientKey: clientKey, serverKey: serverKey)
        else {
            throw invalid("a SCRAM key is not Base64 of 32 bytes", because: [.scramClientKey, .scramServerKey])
        }
        return keys
    }
}
