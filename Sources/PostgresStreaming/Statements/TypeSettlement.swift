/// How far it is settled which types the parameters of a statement are declared with.
struct TypeSettlement {
    /// The types where the server has named others than the parameters come in.
    private(set) var inferred: [UInt32]?
    /// Whether the server is to be asked for the types before the statement runs.
    private(set) var isToBeAsked = false
    /// Whether the server was asked for the types, now or earlier.
    private(set) var isSettled = false
    /// The types that the server has refused; nil where it has refused none.
    private(set) var refused: [UInt32]?
    /// Of which state of the path for names the types are; see `SearchPath.generation`.
    var pathGeneration = 0

    /// Has the types settled before the statement runs.
    ///
    /// - Parameter types: those that the server has refused; nil where it has refused none.
    mutating func begin(refused types: [UInt32]?) {
        refused = types
        isToBeAsked = true
        isSettled = false
        inferred = nil
    }

    /// From now on the parameters are declared so.
    ///
    /// - Parameter types: the types where they are others than the parameters come in; nil where they are those.
    mutating func end(with types: [UInt32]?) {
        isToBeAsked = false
        isSettled = true
        refused = nil
        inferred = types
    }
}
