import FoundationEssentials
public import JSONTape
import PostgresStreaming

extension JSONDecodingOptions {
    /// Options for documents that hold Foundation's types; see ``convertFoundationTypes(dates:)``.
    public static var foundation: JSONDecodingOptions {
        var options = JSONDecodingOptions()
        options.convertFoundationTypes()
        return options
    }

    /// Has `Date` decoded as chosen, `Data` from Base64, `Decimal` from a number, exactly or not at all, `URL` and `UUID`
    /// from text, wherever in a `Decodable` type they are.
    public mutating func convertFoundationTypes(dates: JSONDate = .iso8601) {
        convert(Date.self) { json in try dates.date(json) }
        convert(Data.self) { json in
            guard let data = Data(base64Encoded: try json.decode(String.self)) else {
                throw json.failure(.valueInvalid, "cannot decode Data: not Base64")
            }
            return data
        }
        convert(Decimal.self) { json in
            guard json.kind == .number else { throw json.mismatch("a number") }
            let digits = unsafe json.bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
            guard let numeric = PostgresNumeric(digits), let decimal = Decimal(exactly: numeric) else {
                throw json.failure(.numberOutOfRange, "cannot decode Decimal, which has no such value")
            }
            return decimal
        }
        convert(URL.self) { json in
            guard let url = URL(string: try json.decode(String.self)) else {
                throw json.failure(.valueInvalid, "cannot decode URL: not a URL")
            }
            return url
        }
        convert(UUID.self) { json in
            guard let uuid = UUID(uuidString: try json.decode(String.self)) else {
                throw json.failure(.valueInvalid, "cannot decode UUID: not a UUID")
            }
            return uuid
        }
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
    public mutating func convertFoundationTypes(dates: JSONDate = .iso8601) {
        convert(Date.self) { date, output in try dates.write(date, &output) }
        convert(Data.self) { data, output in output.write(data.base64EncodedString()) }
        convert(Decimal.self) { decimal, output in
            guard !decimal.isNaN, let digits = try? decimal.numeric.description else {
                throw JSONError(.notEncodable, "cannot encode Decimal: it is no number")
            }
            output.write(try JSONValue(parsing: digits))
        }
        convert(URL.self) { url, output in output.write(url.absoluteString) }
        convert(UUID.self) { uuid, output in output.write(uuid.uuidString) }
    }
}
