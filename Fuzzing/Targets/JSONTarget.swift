import JSONTape

/// JSON documents: scanned, walked through, decoded, compared, copied and written again.
enum JSONTarget {
    static func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        var limits = JSONLimits()
        limits.duplicateKeys = [.keepLast, .keepFirst, .reject][Int(first % 3)]
        limits.depthMax = first & 0x80 == 0 ? 512 : 4
        let document = Array(input.dropFirst())
        var tape = JSONTape(limits: limits)
        let bytes = unsafe document.span.bytes
        do throws(JSONError) {
            let value = try tape.scan(bytes)
            check(value.owned())
            walk(value)
            _ = try? value.decode(Anything.self)
            _ = try? value.decode(Wanted.self)
            _ = try? value.decode(Wished.self)
        } catch {
            precondition(!error.description.isEmpty && (error.byteOffset ?? 0) <= document.count)
        }
    }

    private static func check(_ value: JSONValue) {
        precondition(value == value.detached() && value.hashValue == value.detached().hashValue)
        // What it prints reads as the same value, if only the names that come twice are settled alike.
        guard let again = try? JSONValue(parsing: value.description) else { preconditionFailure("it was a document") }
        precondition(again.kind == value.kind)
        precondition((try? JSONTape.encode(value)).map { $0.count == value.description.utf8.count } == true)
    }

    private static func walk(_ value: borrowing JSONView) {
        precondition(value.bytes.byteCount > 0)
        _ = (try? value.decode(Int.self), try? value.decode(UInt8.self), try? value.decode(Int128.self))
        if let number = try? value.decode(Double.self) {
            precondition(number.isFinite && number == Double(value.owned().description))
        }
        _ = (try? value.decode(Float.self), try? value.decode(Bool.self), try? value.decode(String.self))
        if var elements = try? value.elements() {
            while let element = elements.next() { walk(element) }
        }
        if var members = try? value.members() {
            while let member = members.next() {
                precondition(value[member.name] != nil)
                walk(member.value)
            }
        }
    }

    /// A type that describes its members.
    private struct Wanted: JSONDecodable {
        let id: Int?, name: String?, tags: [String]?, score: Double?, inner: [String: Int]?

        init(json: borrowing JSONView) throws(JSONError) {
            var members = try json.members()
            id = try members.decode("id")
            name = try members.decode("name")
            tags = try members.decode("tags")
            score = try members.decode("score")
            inner = try members.decode("inner")
        }
    }

    /// A type that the compiler describes.
    private struct Wished: Decodable {
        let id: Int?, name: String?, tags: [String]?, score: Double?, inner: [String: Int8]?
    }

    /// Any value.
    private indirect enum Anything: Decodable {
        case values([Anything])
        case members([String: Anything])
        case scalar

        init(from decoder: any Decoder) throws {
            if let members = try? [String: Anything](from: decoder) {
                self = .members(members)
            } else if let values = try? [Anything](from: decoder) {
                self = .values(values)
            } else {
                self = .scalar
                _ = try? decoder.singleValueContainer().decode(Double.self)
            }
        }
    }

    static var seeds: [[UInt8]] {
        let documents = [
            #"{"id": 7, "name": "Ada", "tags": ["a", "b\n\u00e9\ud83d\ude00"], "score": 1.5e3, "inner": {"x": 1}}"#,
            #"[null, true, false, -0, 0.5, 1e-7, 12345678901234567890, "", {}, []]"#,
            #"{"a":1,"b":2,"a":3,"\u0061":4}"#,
            #"{"k1":1,"k2":1,"k3":1,"k4":1,"k5":1,"k6":1,"k7":1,"k8":1,"k9":1,"k1":2}"#, "[[[[[[]]]]]]",
            #"{"a":{"a":{}}}"#,
            "\"é€😀\u{7F} plain text that is longer than a word\"", " \n\t\r[ 1 ,\n        2 ] ",
            "1.7976931348623157e308",
            "0.1000000000000000055511151231257827021181583404541015625", "1e99999999999999999999",
        ]
        return documents.flatMap { [[0] + Array($0.utf8), [2] + Array($0.utf8)] }
    }
}
