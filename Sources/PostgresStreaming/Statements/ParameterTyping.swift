import PostgresWire

/// Finds out which types the parameters of one statement are to be declared with, by what the server answers to a few
/// questions about it.
///
/// A type is left open where the server's casts would change a value in silence: floats, points in time, bytes, NULL. An
/// answer counts where it is of the same family, else the type that the value comes in is declared. Integers are declared
/// as they come, because every cast of theirs is exact and every statement that takes them means what it meant; where the
/// server refuses that, as what it names itself, and as `integer`. A refusal leads to the next plan.
package struct ParameterTyping {
    /// What is asked with, from the most exact plan on.
    private enum Plan: Int, CaseIterable {
        case ownIntegers, open, narrowIntegers, own, narrowOwn
    }

    private let types: [ParameterType]
    private let castIndices: Set<Int>
    private let narrowTypes: [Int: UInt32]
    private var plan = Plan.ownIntegers
    private var tried: Set<[UInt32]> = []
    /// Whether the server has refused the types that the values come in in answer to a question.
    private var hasAskedWithOwnTypes = false
    /// What the server named when it understood the statement last.
    private var answer: [UInt32] = []
    /// The types to ask with; once the server has accepted them, those to declare.
    package private(set) var asked: [UInt32]

    /// - Parameters:
    ///   - castIndices: the parameters whose type the text says.
    ///   - narrowTypes: by their indices, the narrower types that values fit into.
    ///   - refused: the types that the server has refused already; nil for none.
    package init(
        _ types: [ParameterType], castIndices: Set<Int>, narrowTypes: [Int: UInt32], refused: [UInt32]? = nil
    ) {
        self.types = types
        self.castIndices = castIndices
        self.narrowTypes = narrowTypes
        asked = []
        asked = question(plan)
        if let refused { tried = [refused] }
        guard !tried.insert(asked).inserted, !goOn() else { return }
        asked = question(.own)
    }

    /// Whether the server is asked with the types that the values come in.
    package var asksWithOwnTypes: Bool { asked.elementsEqual(types.lazy.map(\.oid)) }

    /// The server has understood the statement, with these types.
    ///
    /// - Returns: whether they are the ones to declare; else it is to be asked again.
    package mutating func answered(_ named: [UInt32]) -> Bool {
        let takesAnything = plan.rawValue >= Plan.own.rawValue
        var isSettled = true
        answer = named
        for index in types.indices where asked[index] == 0 && types[index].oid != 0 {
            let name = index < named.count ? named[index] : 0
            let isTaken = name != 0 && (takesAnything || Self.takes(name, for: types[index]))
            asked[index] = isTaken ? name : types[index].oid
            isSettled = isSettled && isTaken
        }
        if isSettled { return true }
        // What was refused with these types would be refused again.
        return !tried.insert(asked).inserted && !goOn()
    }

    /// The server cannot make sense of the statement with these types.
    ///
    /// - Returns: whether it is to be asked again.
    package mutating func refused(_ state: SQLState) -> Bool {
        guard Self.statesOfTypes.contains(state) else { return false }
        hasAskedWithOwnTypes = hasAskedWithOwnTypes || asksWithOwnTypes
        guard !goOn() else { return true }
        // Once more for the words of the error, which are about types that people know.
        guard !hasAskedWithOwnTypes else { return false }
        asked = question(.own)
        return true
    }

    /// Goes on to the next plan that asks something new; false where there is none.
    private mutating func goOn() -> Bool {
        while let next = Plan(rawValue: plan.rawValue + 1) {
            plan = next
            asked = question(plan)
            if tried.insert(asked).inserted { return true }
        }
        return false
    }

    private func question(_ plan: Plan) -> [UInt32] {
        types.indices.map { index in
            let type = types[index]
            guard type.isOpen else { return type.oid }
            let isCast = castIndices.contains(index) && !type.isNull
            let narrow = narrowTypes[index]
            switch plan {
            case .ownIntegers: return isCast || type.isInteger ? type.oid : 0
            case .narrowIntegers: return narrow ?? (isCast || type.isInteger ? type.oid : 0)
            case .open: return isCast ? type.oid : 0
            case .own: return type.oid
            case .narrowOwn:
                if let narrow { return narrow }
                guard type.isNull || PostgresType(rawValue: type.oid) == .bytea else { return type.oid }
                return index < answer.count ? answer[index] : 0
            }
        }
    }

    /// What a statement fails with whose parameters have the wrong types.
    static let statesOfTypes: Set<SQLState> = [
        .ambiguousFunction, .ambiguousParameter, .indeterminateDatatype, .undefinedFunction, .datatypeMismatch,
        .cannotCoerce, .wrongObjectType,
    ]

    // MARK: families

    /// Whether a value of the type is written as what the server named, or refused.
    static func takes(_ named: UInt32, for type: ParameterType) -> Bool {
        let named = PostgresType(rawValue: named)
        if type.isNull { return !named.isText }
        return takes(named, for: PostgresType(rawValue: type.oid))
    }

    private static func takes(_ named: PostgresType, for type: PostgresType) -> Bool {
        if named == type { return true }
        switch type {
        case .int2, .int4, .int8, .oid, .xid8: return named.isInteger || named == .numeric || !named.isBuiltIn
        case .int4range, .int8range: return named == .int4range || named == .int8range
        // A smaller float, or an integer, would refuse what can be compared with it.
        case .float4, .float8: return named == .float8 || named == .numeric || !named.isBuiltIn
        case .timestamptz: return named.isTime
        case .bytea: return named.isDocument
        default:
            return type.elementType.map { element in named.elementType.map { takes($0, for: element) } ?? false }
                ?? false
        }
    }
}

extension ParameterType {
    /// Whether the value is an integer, or an array or a range of integers.
    fileprivate var isInteger: Bool {
        guard !isNull else { return false }
        switch PostgresType(rawValue: oid) {
        case .int2, .int4, .int8, .oid, .xid8, .int4range, .int8range: return true
        case .int2Array, .int4Array, .int8Array, .oidArray, .xid8Array: return true
        default: return false
        }
    }
}

extension PostgresType {
    /// Whether the server infers the type where it knows nothing better.
    fileprivate var isText: Bool {
        switch self {
        case .text, .varchar, .bpchar, .name, .unknown, .cstring: true
        default: false
        }
    }

    /// Integers, and numbers by another name.
    fileprivate var isInteger: Bool {
        switch self {
        case .int2, .int4, .int8, .xid, .xid8, .cid: true
        default: isObjectID
        }
    }

    fileprivate var isTime: Bool {
        switch self {
        case .date, .time, .timetz, .timestamp, .timestamptz: true
        default: false
        }
    }

    /// Types whose text bytes are taken for.
    fileprivate var isDocument: Bool { self == .json || self == .jsonb || self == .jsonpath || self == .xml }
}
