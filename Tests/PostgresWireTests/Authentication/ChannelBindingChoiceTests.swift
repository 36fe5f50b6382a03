import PostgresWire
import Testing

/// What libpq 18 does (its `pg_SASL_init` and `build_client_first_message`), case by case, but for the certificates that
/// have no digest: libpq cannot connect then unless binding is turned off, and here only a required binding fails.
@Suite struct ChannelBindingChoiceTests {
    typealias Refusal = ChannelBinding.Refusal

    /// `channel_binding` as libpq has it.
    enum Mode: CaseIterable { case disable, prefer, require }

    struct Case: Sendable, CustomStringConvertible {
        let mechanisms: [String]
        let endPoint: ChannelBinding.EndPoint
        /// One for each mode.
        let expected: [Result<ChannelBinding, Refusal>]

        var description: String { "\(mechanisms) over \(endPoint)" }
    }

    private static let plain = ["SCRAM-SHA-256"]
    private static let plus = ["SCRAM-SHA-256-PLUS"]
    private static let both = plus + plain
    private static let digest: [UInt8] = [1, 2, 3]
    private static let bound = Result<ChannelBinding, Refusal>.success(.tlsServerEndPoint(digest))
    private static let unbound = Result<ChannelBinding, Refusal>.success(.notSupportedByClient)
    private static let notOffered = Result<ChannelBinding, Refusal>.success(.supportedButNotByServer)

    private static func fails(_ refusal: Refusal) -> Result<ChannelBinding, Refusal> { .failure(refusal) }

    private static func all(_ refusal: Refusal) -> [Result<ChannelBinding, Refusal>] {
        Mode.allCases.map { _ in .failure(refusal) }
    }

    static let cases = [
        Case(mechanisms: plain, endPoint: .none, expected: [unbound, unbound, fails(.cannotBind)]),
        Case(mechanisms: both, endPoint: .none, expected: all(.offeredWithoutTLS)),
        Case(mechanisms: plus, endPoint: .none, expected: all(.offeredWithoutTLS)),
        Case(mechanisms: plain, endPoint: .tls(digest), expected: [unbound, notOffered, fails(.cannotBind)]),
        Case(mechanisms: both, endPoint: .tls(digest), expected: [unbound, bound, bound]),
        Case(mechanisms: both.reversed(), endPoint: .tls(digest), expected: [unbound, bound, bound]),
        Case(mechanisms: plus, endPoint: .tls(digest), expected: [fails(.unknownMechanisms), bound, bound]),
        Case(mechanisms: plain, endPoint: .tls(nil), expected: [unbound, unbound, fails(.cannotBind)]),
        Case(mechanisms: both, endPoint: .tls(nil), expected: [unbound, unbound, fails(.cannotBind)]),
        Case(mechanisms: both, endPoint: .tls([]), expected: [unbound, unbound, fails(.cannotBind)]),
        Case(mechanisms: plus, endPoint: .tls(nil), expected: all(.unknownMechanisms)),
        Case(mechanisms: [], endPoint: .none, expected: all(.unknownMechanisms)),
        Case(mechanisms: [], endPoint: .tls(digest), expected: all(.unknownMechanisms)),
        Case(mechanisms: ["OAUTHBEARER"], endPoint: .none, expected: all(.unknownMechanisms)),
        Case(mechanisms: ["OAUTHBEARER"], endPoint: .tls(digest), expected: all(.unknownMechanisms)),
        Case(mechanisms: ["SCRAM-SHA-1", "scram-sha-256"], endPoint: .none, expected: all(.unknownMechanisms)),
        Case(
            mechanisms: ["OAUTHBEARER"] + both, endPoint: .tls(digest), expected: [unbound, bound, bound]),
        Case(mechanisms: both + both, endPoint: .tls(digest), expected: [unbound, bound, bound]),
    ]

    @Test(arguments: cases) func `the mechanism is chosen as libpq does`(_ one: Case) {
        for (mode, expected) in zip(Mode.allCases, one.expected) {
            let choice = Result { () throws(Refusal) in
                try ChannelBinding.choose(
                    among: one.mechanisms, endPoint: one.endPoint, isWanted: mode != .disable,
                    isRequired: mode == .require)
            }
            #expect(choice == expected, "\(mode)")
        }
    }

    @Test(arguments: cases) func `a required binding is a binding to data, or a refusal`(_ one: Case) {
        // What is required is wanted, even where a caller forgets to say so.
        for isWanted in [true, false] {
            let choice = try? ChannelBinding.choose(
                among: one.mechanisms, endPoint: one.endPoint, isWanted: isWanted, isRequired: true)
            guard let choice else { continue }
            #expect(choice == .tlsServerEndPoint(Self.digest))
        }
    }
}
