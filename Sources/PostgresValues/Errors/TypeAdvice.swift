/// What to write instead where a type of Postgres and a type of Swift do not go together.
///
/// It is asked where an error is made, and so may take its time.
enum TypeAdvice {
    /// What helps a column of the type that is decoded into `value`.
    static func decoding(_ type: PostgresType, into value: Any.Type) -> String? {
        let cast = (value as? any PostgresEncodable.Type).map(sentType)
        guard type.isKnown else {
            let target = cast.flatMap { $0.elementType == nil ? nil : $0 } ?? .text
            return "Cast the column in SQL, such as ::\(target.castName), or decode into PostgresRawValue. "
                + "SELECT \(type.rawValue)::regtype names the type."
        }
        let own = type.swiftName
        if type.isNumber, let convertible = value as? any PostgresNumberConvertible.Type {
            let wrapper = "Exact<\(value)> or Rounded<\(value)>"
            let name = (convertible as? any PostgresEncodable.Type).map(sentType)?.castName
            return "Decode into \(own ?? "PostgresNumeric"), cast the column in SQL"
                + "\(name.map { " (::\($0))" } ?? ""), or convert the value by \(wrapper)."
        }
        if type.isJSON { return "Decode into PostgresJSON<\(value)>, which reads the document." }
        if let moment = moment(type, into: value) { return moment }
        let wanted = cast.flatMap { isCast(type, to: $0) ? $0.castName : nil }
        switch (own, wanted) {
        case (let own?, let wanted?): return "Decode into \(own), or cast the column in SQL (::\(wanted))."
        case (let own?, nil): return "Decode into \(own)."
        case (nil, let wanted?): return "Cast the column in SQL (::\(wanted)), or decode into PostgresRawValue."
        case (nil, nil): return "Decode into PostgresRawValue."
        }
    }

    /// What helps a parameter of the type that is given a `value`.
    static func encoding(_ value: Any.Type, as type: PostgresType) -> String? {
        let own = (value as? any PostgresEncodable.Type).map(sentType) ?? .unspecified
        let pass = type.swiftName.map { "Pass a value of \($0)" }
        guard own != .unspecified, own != type else { return pass.map { "\($0)." } }
        let cast = "cast the parameter in SQL, as in $1::\(own.castName), to have it taken for what it is"
        return pass.map { "\($0), or \(cast)." } ?? "\(cast.prefix(1).uppercased())\(cast.dropFirst())."
    }

    /// What helps a parameter of the type that is given a `value` beyond those that the type has.
    static func encoding(_ value: Any.Type, beyond type: PostgresType) -> String? {
        guard let own = (value as? any PostgresEncodable.Type).map(sentType), own != .unspecified else { return nil }
        let wider = own == type ? (own.isNumber && own != .numeric ? PostgresType.numeric : nil) : own
        guard let wider else { return nil }
        return own == type
            ? "Have it declared as a wider type, as in \\(value, as: .\(wider.castName))."
            : "Cast the parameter to a wider type in SQL, as in $1::\(wider.castName)."
    }

    /// A moment in a day, a time zone or none, are told apart by the query alone.
    private static func moment(_ type: PostgresType, into value: Any.Type) -> String? {
        let isLocal = value is PostgresTimestamp.Type
        if type == .timestamptz, isLocal {
            return "Decode into PostgresTimestampTZ, or select it AT TIME ZONE the zone whose clock you mean."
        }
        guard type == .timestamp, value is PostgresTimestampTZ.Type else { return nil }
        return "Decode into PostgresTimestamp, or select it AT TIME ZONE the zone that it was written in."
    }

    /// Whether a cast between the types is there and does what it seems to.
    private static func isCast(_ type: PostgresType, to other: PostgresType) -> Bool {
        if type.isNumber && other.isNumber { return true }
        if other == .text || type.isPlainText { return true }
        guard let element = type.elementType, let otherElement = other.elementType else { return false }
        return isCast(element, to: otherElement)
    }

    /// The type to name for a Swift type in a cast: the one that it is sent as, `text` for a String and `bigint` for the
    /// unsigned integers that stand for object IDs and transactions as well.
    private static func sentType(_ value: any PostgresEncodable.Type) -> PostgresType {
        switch value.postgresType {
        case .oid, .xid8: .int8
        case .unspecified where value == String.self || value == Substring.self: .text
        case let type: type
        }
    }
}

extension PostgresType {
    /// Whether the type is one of those that have a name here.
    fileprivate var isKnown: Bool { BuiltInType.byType[self] != nil || BuiltInType.byArray[self] != nil }

    /// The type in a message: by its name, where it has one here.
    var inMessages: String { isKnown ? description : "a type of the database's own (\(description))" }
}
