import JSONTape
import PostgresLocking
import PostgresWire

/// Tapes that are used for one document after the other, so that a document in a column costs no tape of its own, and the
/// types that were met are known to the next one.
enum SharedTapes {
    /// A tape; it belongs to the one who took it from the list.
    private final class Box: @unchecked Sendable {
        var tape = JSONTape()
    }

    private static let idle = Locked<[Box]>([])
    /// As many as decode at the same time, as a rule; each keeps a kibibyte.
    private static let idleMax = 16

    /// Gives `body` a tape that nobody else has meanwhile.
    static func withTape<Result>(
        _ body: (inout JSONTape) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        let box = idle.withLock { boxes in boxes.popLast() } ?? Box()
        defer { idle.withLock { boxes in if boxes.count < idleMax { boxes.append(box) } } }
        return try body(&box.tape)
    }
}

extension PostgresCell {
    /// Decodes the document that the cell holds; `Own` is `Value`, which only the caller's metatype knows.
    func document<Own: JSONDecodable, Value>(_ own: Own.Type, as value: Value.Type) throws(PostgresError) -> Value {
        let text = try textBytes(for: Value.self)
        let decoded: Own
        do throws(JSONError) {
            decoded = try SharedTapes.withTape { tape throws(JSONError) in try tape.decode(own, from: text) }
        } catch {
            throw PostgresError(error, decoding: type, into: Value.self)
        }
        return cast(decoded, to: value)
    }

    /// Decodes the document that the cell holds; `Known` is `Value`, which only the caller's metatype knows.
    func document<Known: Decodable, Value>(_ known: Known.Type, as value: Value.Type) throws(PostgresError) -> Value {
        cast(try document(known), to: value)
    }

    /// Decodes the document that the cell holds.
    func document<Value: Decodable>(_ value: Value.Type) throws(PostgresError) -> Value {
        let text = try textBytes(for: Value.self)
        do throws(JSONError) {
            return try SharedTapes.withTape { tape throws(JSONError) in try tape.decode(value, from: text) }
        } catch {
            throw PostgresError(error, decoding: type, into: Value.self)
        }
    }

    private func cast<Known, Value>(_ known: Known, to type: Value.Type) -> Value {
        guard let value = known as? Value else { preconditionFailure("a type that was found by itself is itself") }
        return value
    }
}

extension PostgresError {
    /// Says why a document could not be decoded. The words of a `JSONError` hold no value.
    init<Value>(_ error: JSONError, decoding type: PostgresType, into value: Value.Type) {
        self.init(error, decoding: "\(type)", into: value)
    }

    /// Says why a document that goes by a name could not be decoded.
    init<Value>(_ error: JSONError, decoding name: String, into value: Value.Type) {
        let isRefused = [JSONErrorCode.syntax, .limitExceeded, .duplicateKey].contains(error.code)
        self.init(
            isRefused ? .documentMalformed : .documentMismatch, "cannot decode \(name) into \(Value.self): \(error)")
    }
}
