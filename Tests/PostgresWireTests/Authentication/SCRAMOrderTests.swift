import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct SCRAMOrderTests {
    typealias Client = SCRAMClient<CheapCryptography>

    /// The calls of an exchange in their order.
    enum Call: Int, CaseIterable {
        case clientFirst, serverFirst, clientFinal, serverFinal

        func perform(_ client: inout Client, _ keys: SCRAMKeys, _ serverFinal: [UInt8]) throws {
            switch self {
            case .clientFirst: _ = try client.clientFirstMessage()
            case .serverFirst: _ = try client.receive(serverFirst: Array(SCRAMExchange.postgres.serverFirst.utf8))
            case .clientFinal: _ = try client.clientFinalMessage(keys: keys)
            case .serverFinal: try client.verify(serverFinal: serverFinal)
            }
        }
    }

    @Test(arguments: 0...4, Call.allCases)
    func `a call out of order ends the exchange for good`(callsDone: Int, call: Call) throws {
        guard call.rawValue != callsDone else { return }
        let (keys, serverFinal) = try CheapExchange.keyAndServerFinal()
        var client = try Client(password: CheapExchange.password)
        for done in Call.allCases.prefix(callsDone) { try done.perform(&client, keys, serverFinal) }
        #expect(client.isVerified == (callsDone == 4))

        let violation = #expect(throws: ProtocolViolation.self) { try call.perform(&client, keys, serverFinal) }
        #expect(violation == ProtocolViolation(.authentication, "SCRAM step came out of its order"))
        #expect(!client.isVerified)
        for later in Call.allCases {
            #expect(throws: ProtocolViolation.self) { try later.perform(&client, keys, serverFinal) }
        }
        #expect(!client.isVerified)
    }

    @Test func `a refused message ends the exchange for good`() throws {
        let (keys, serverFinal) = try CheapExchange.keyAndServerFinal()
        var client = try Client(password: CheapExchange.password)
        _ = try client.clientFirstMessage()
        #expect(throws: ProtocolViolation.self) { try client.receive(serverFirst: []) }
        for later in Call.allCases {
            #expect(throws: ProtocolViolation.self) { try later.perform(&client, keys, serverFinal) }
        }
    }
}
