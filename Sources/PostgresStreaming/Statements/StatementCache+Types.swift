import PostgresWire

/// The types with which the parameters of statements are declared.
extension StatementCache {
    /// Gives a new statement the types that are known for it, or has the server asked.
    func typed(_ statement: KnownStatement) -> KnownStatement {
        guard let typeTable, statement.key.types.contains(where: \.isOpen) else { return statement }
        if let key = typeKey(of: statement), let types = typeTable.types(of: key) {
            statement.declare(types)
        } else {
            statement.settleTypes()
        }
        statement.pathGeneration = searchPath.generation
        return statement
    }

    /// Gives a statement other types where names may mean something else than when it was given them.
    func followPath(_ statement: KnownStatement) {
        guard statement.isTyped, statement.pathGeneration != searchPath.generation else { return }
        let types = statement.declaredTypes
        _ = typed(statement)
        if statement.isToBeTyped || statement.declaredTypes != types { evict(statement) }
    }

    /// The server has accepted these types.
    func learn(_ types: [UInt32], of statement: KnownStatement) {
        statement.declare(types)
        countMemory(of: statement)
        guard let key = typeKey(of: statement) else { return }
        typeTable?.remember(types, of: key)
    }

    /// The types do not fit, or not any more: they are settled when the statement comes again.
    func forgetTypes(of statement: KnownStatement, areRefused: Bool) {
        if let key = typeKey(of: statement) { typeTable?.forget(key) }
        evict(statement)
        statement.settleTypes(areRefused: areRefused)
    }

    private func typeKey(of statement: KnownStatement) -> ParameterTypeTable.Key? {
        searchPath.name.map { ParameterTypeTable.Key(scope: $0, statement: statement.key) }
    }
}

extension PostgresConfiguration {
    /// What tells sessions apart in which the same text may mean something else.
    func lookUpScope(on server: String) -> String {
        let path = runtimeParameters.filter { ["search_path", "role"].contains($0.key.lowercased()) }
        let settings = path.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return ([server, database, user, options] + settings).joined(separator: "\n")
    }
}
