/// What all decoders of one document share: the document, for as long as it is lent, and the options.
///
/// A decoder is free to outlive the call that made it, and a span is not; so it holds this object, which knows when the
/// document is gone. What changes lies behind a pointer, because a class's own variables are checked for overlapping
/// accesses each time.
@safe
final class DecodingContext {
    let options: JSONDecodingOptions
    let isPlain: Bool
    private let state: UnsafeMutablePointer<State>

    @safe
    private struct State {
        var document: UnsafeRawBufferPointer
        var tape: UnsafeBufferPointer<TapeEntry>
        var isLent = true
        /// For some objects, where the search for a name begins.
        var hints = InlineArray<16, Hint>(repeating: Hint(object: -1, key: 0))
    }

    private struct Hint {
        var object: Int
        var key: Int
    }

    private init(_ json: borrowing JSONView, _ options: JSONDecodingOptions) {
        self.options = options
        isPlain = options.isEmpty
        unsafe state = .allocate(capacity: 1)
        let document = unsafe json.document.withUnsafeBytes { unsafe $0 }
        let tape = unsafe json.tape.withUnsafeBufferPointer { unsafe $0 }
        unsafe state.initialize(to: State(document: document, tape: tape))
    }

    deinit {
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }

    /// Decodes a value of a document that is lent for the time of this call.
    static func decode<Value: Decodable>(
        _ type: Value.Type, _ json: borrowing JSONView, _ options: JSONDecodingOptions
    ) throws(JSONError) -> Value {
        let context = DecodingContext(json, options)
        defer { unsafe context.state.pointee.isLent = false }
        let index = json.index
        do {
            return try context.decode(type, at: index)
        } catch {
            throw context.wrapped(error, at: index)
        }
    }

    /// Lends the value at an entry to `body`.
    ///
    /// - Throws: `decoderOutlived` where the document is gone.
    @inline(always)
    func withView<Result, Failure: Error>(
        _ index: Int, _ body: (borrowing JSONView) throws(Failure) -> Result
    ) throws -> Result {
        guard unsafe state.pointee.isLent else {
            throw JSONError(.decoderOutlived, "cannot decode: the document is gone")
        }
        let view = unsafe JSONView(
            RawSpan(_unsafeBytes: state.pointee.document), Span(_unsafeElements: state.pointee.tape), index)
        return try body(view)
    }

    /// Decodes any type at an entry: by the conversion that is set for it, by its own way if it has one and may take
    /// it, or as a `Decodable`.
    func decode<Value: Decodable>(_ type: Value.Type, at index: Int) throws -> Value {
        if !options.conversions.isEmpty, let conversion = options.conversions[ObjectIdentifier(type)] {
            return try convert(type, conversion, at: index)
        }
        if isPlain {
            if let own = type as? any JSONDecodable.Type { return try decode(own, as: type, at: index) }
        } else if let own = type as? any JSONScalarDecodable.Type {
            return try decode(own, as: type, at: index)
        }
        if !isPlain, let dictionary = type as? any StringDictionary.Type,
            let value = try dictionary.decodeMembers(self, index) as? Value
        {
            return value
        }
        return try Value(from: TapeDecoder(context: self, index: index))
    }

    private func decode<Own: JSONDecodable, Value>(_ own: Own.Type, as type: Value.Type, at index: Int) throws -> Value
    {
        let value: Own = try withView(index) { json throws(JSONError) in try Own(json: json) }
        guard let value = value as? Value else { throw JSONError(.valueInvalid, "a conversion fails") }
        return value
    }

    private func convert<Value>(
        _ type: Value.Type, _ conversion: any JSONConversion, at index: Int
    ) throws -> Value {
        do {
            return try withView(index) { json in try conversion.value(type, json) }
        } catch {
            throw wrapped(error, at: index)
        }
    }

    // MARK: Names

    /// Where the search for a name in that object begins: at the name that was found last.
    func hint(_ object: Int) -> Int {
        let hint = unsafe state.pointee.hints[object & 15]
        return hint.object == object ? hint.key : object + 1
    }

    func setHint(_ object: Int, _ key: Int) {
        unsafe state.pointee.hints[object & 15] = Hint(object: object, key: key)
    }

    // MARK: Errors

    /// The path to an entry as coding keys.
    func codingPath(to index: Int) -> [any CodingKey] {
        let steps = try? withView(index) { json in json.path }
        return (steps ?? []).map { step -> any CodingKey in
            switch step {
            case .key(let key): TapeKey(stringValue: key)
            case .index(let position): TapeKey(intValue: position)
            }
        }
    }

    /// Returns an error of ours as it is; of anybody else's only what cannot hold a value: that there is one, and where.
    func wrapped(_ error: any Error, at index: Int) -> JSONError {
        if let error = error as? JSONError { return error }
        guard let error = error as? DecodingError else { return located("a conversion refuses the value", nil, index) }
        switch error {
        case .typeMismatch(_, let context):
            return located("the value is of another type", context, index, .typeMismatch)
        case .valueNotFound(_, let context):
            return located("null where something is needed", context, index, .unexpectedNull)
        case .keyNotFound(let key, let context):
            var error = located("there is no such member", context, index, .valueMissing)
            error.path.append(.key(key.stringValue))
            return error
        case .dataCorrupted(let context): return located("the type refuses the value", context, index)
        @unknown default: return located("the type refuses the value", nil, index)
        }
    }

    private func located(
        _ message: String, _ context: DecodingError.Context?, _ index: Int, _ code: JSONErrorCode = .valueInvalid
    ) -> JSONError {
        let steps = context.map { context in
            context.codingPath.map { key in key.intValue.map { .index($0) } ?? JSONPathStep.key(key.stringValue) }
        }
        let place = try? withView(index) { json in
            // The path of the error leads on from the document's own value, as all coding paths do.
            let root = JSONView(json.document, json.tape, 0)
            let offset = steps.flatMap { steps in root.at(steps)?.byteOffset } ?? json.byteOffset
            return (offset, steps ?? json.path)
        }
        return JSONError(code, message, byteOffset: place?.0, path: place?.1 ?? steps ?? [])
    }
}

/// A name or a position as a coding key.
struct TapeKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = "\(intValue)"
        self.intValue = intValue
    }
}
