import FoundationEssentials
public import JSONTape

extension JSONDecodingOptions {
    /// Options for documents that hold Foundation's types; see ``convertFoundationTypes(dates:)``.
    public static var foundation: JSONDecodingOptions {
        var options = JSONDecodingOptions()
        options.convertFoundationTypes()
        return options
    }

    /// Has `Date` decoded as chosen, `Data` from Base64, `Decimal` from a number, exactly or not at all, `URL` and `UUID`
    /// from text, wherever in a `Decodable` type they are.
    ///
    /// All but the choice for dates holds by itself where this module is part of a program.
    public mutating func convertFoundationTypes(dates: JSONDate = .iso8601) {
        convert(Date.self) { json in try dates.date(json) }
        convert(Data.self) { json in try Data(json: json) }
        convert(Decimal.self) { json in try Decimal(json: json) }
        convert(URL.self) { json in try URL(json: json) }
        convert(UUID.self) { json in try UUID(json: json) }
    }
}

extension JSONEncodingOptions {
    /// Options for values that hold Foundation's types; see ``convertFoundationTypes(dates:)``.
    public static var foundation: JSONEncodingOptions {
        var options = JSONEncodingOptions()
        options.convertFoundationTypes()
        return options
    }

    /// Has `Date` written as chosen, `Data` as Base64, `Decimal` as a number with all of its digits, `URL` and `UUID` as
    /// text, so that `JSONDecodingOptions` with the same conversions decode the same values.
    ///
    /// All but the choice for dates holds by itself where this module is part of a program.
    public mutating func convertFoundationTypes(dates: JSONDate = .iso8601) {
        convert(Date.self) { date, output in try dates.write(date, &output) }
        convert(Data.self) { data, output in try data.encodeJSON(into: &output) }
        convert(Decimal.self) { decimal, output in try decimal.encodeJSON(into: &output) }
        convert(URL.self) { url, output in try url.encodeJSON(into: &output) }
        convert(UUID.self) { uuid, output in try uuid.encodeJSON(into: &output) }
    }
}
