/// One direction of one connection: what has been read and not been looked at yet, and what is to be written.
struct FaultPath {
    /// What becomes of the connection once everything before it is written.
    enum End: Sendable { case cut, reset }

    let direction: Fault.Direction
    private let seesMessages: Bool
    private var boundaries: MessageBoundaries
    private(set) var input: ArraySlice<UInt8> = []
    private(set) var output: ArraySlice<UInt8> = []
    private(set) var end: End?
    /// What is done to the message at hand, and what of it is to be repeated.
    private var treatment: Fault?
    private var repeated: [UInt8] = []
    /// How many pieces were passed since the splitting began.
    private(set) var pieces = 0

    init(_ direction: Fault.Direction, seesMessages: Bool) {
        self.direction = direction
        self.seesMessages = seesMessages
        boundaries = MessageBoundaries(direction)
    }

    /// Whether there is room for more.
    var isEmpty: Bool { input.isEmpty && output.isEmpty && end == nil }

    mutating func append(_ bytes: [UInt8]) { input = bytes[...] }

    /// Takes the next message for the answer to a request for encryption.
    mutating func expectAnswer() { boundaries.expectAnswer() }

    /// Whether encryption was just asked for.
    mutating func takeEncryptionRequest() -> Bool { boundaries.takeEncryptionRequest() }

    /// The peer took the first bytes of the output.
    mutating func removeFirst(_ count: Int) {
        output.removeFirst(count)
        pieces += 1
    }

    /// Moves the input to the output as far as the orders allow, and does to it what they say.
    mutating func process(_ orders: inout FaultProxy.Orders) {
        while end == nil {
            fire(&orders)
            guard end == nil, !orders.stalled.contains(direction), !input.isEmpty else { return }
            var part = input
            if case .bytes(let bytes) = orders.plans[direction]?.place {
                part = input.prefix(max(1, bytes - orders.positions[direction, default: .init()].bytes))
            }
            let (count, isEnd) = seesMessages ? boundaries.advance(part) : (part.count, false)
            pass(input.prefix(count), isEnd: isEnd)
            input.removeFirst(count)
            orders.positions[direction, default: .init()].bytes += count
            if isEnd { orders.positions[direction, default: .init()].messages += 1 }
        }
    }

    private mutating func pass(_ bytes: ArraySlice<UInt8>, isEnd: Bool) {
        switch treatment {
        case .corrupt(let bits):
            output.append((bytes.first ?? 0) ^ bits)
            output += bytes.dropFirst()
            treatment = nil
            return
        case .drop: break
        case .duplicate:
            repeated += bytes
            output += bytes
            if isEnd { output += repeated }
        default:
            output += bytes
            return
        }
        if isEnd { (treatment, repeated) = (nil, []) }
    }

    /// Does what is planned for this place.
    private mutating func fire(_ orders: inout FaultProxy.Orders) {
        guard let plan = orders.plans[direction] else { return }
        let position = orders.positions[direction, default: .init()]
        switch plan.place {
        case .bytes(let bytes): guard position.bytes >= bytes else { return }
        case .messages(let messages): guard position.messages >= messages else { return }
        }
        switch plan.fault {
        case .cut: end = .cut
        case .reset: end = .reset
        case .stall: orders.stalled.insert(direction)
        case .blackHole: orders.stalled = Set(Fault.Direction.allCases)
        case .throttle, .split:
            orders.paces[direction] = plan.fault
            pieces = 0
        case .corrupt: treatment = plan.fault
        case .drop, .duplicate:
            guard boundaries.isBetweenMessages else { return }
            treatment = plan.fault
        }
        orders.plans[direction] = nil
        plan.gate.open()
    }
}
