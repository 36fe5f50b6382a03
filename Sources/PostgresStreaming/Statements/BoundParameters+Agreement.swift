import PostgresWire

extension BoundParameters {
    /// Whether the values are of the families of these types, which were named when others may have been NULL.
    func agree(with types: [UInt32]) -> Bool {
        zip(self.types, types).allSatisfy { type, named in
            guard type.oid != named, !type.isNull else { return true }
            return type.isInferable
                && (PostgresType(rawValue: type.oid) == .bytea || ParameterTyping.takes(named, for: type))
        }
    }
}
