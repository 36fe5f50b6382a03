/// Behaviours that are tried together.
enum Group: String, CaseIterable, Sendable {
    case startup, authentication, encryption, order, form, values, copy, copies, many, transactions, pools, cancels,
        closes, stalls
    case streams, floods

    var behaviours: [Behaviour] {
        switch self {
        case .startup: StartupBehaviours.all
        case .authentication: AuthenticationBehaviours.all
        case .encryption: EncryptionBehaviours.all
        case .order: OrderBehaviours.all
        case .form: FormBehaviours.all
        case .values: ValueBehaviours.all
        case .copy: CopyBehaviours.all
        case .copies: CopiedDataBehaviours.all
        case .many: ManyRowsBehaviours.all
        case .transactions: TransactionBehaviours.all
        case .pools: PoolBehaviours.all
        case .cancels: CancelBehaviours.all
        case .closes: CloseBehaviours.all
        case .stalls: StallBehaviours.quiet
        case .streams: StallBehaviours.busy
        case .floods: FloodBehaviours.all
        }
    }

    var trials: [Trial] {
        behaviours.flatMap { behaviour in behaviour.verbs.map { Trial(behaviour: behaviour, verb: $0) } }
    }

    /// How many are tried at a time: many where they only wait, one where memory is measured.
    var width: Int {
        switch self {
        case .floods: 1
        case .streams: 2
        case .stalls: 24
        default: 4
        }
    }
}
