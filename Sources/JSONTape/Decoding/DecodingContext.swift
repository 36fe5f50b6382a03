/// What all decoders of one document share: the document, for as long as it is lent, and the options.
///
/// A decoder is free to outlive the call that made it, and a span is not; so it holds this object, which knows when the
/// document is gone. What changes lies behind a pointer, because a class's own variables are checked for overlapping
/// accesses each time.
@safe
final class DecodingContext {
    let options: JSONDecodingOptions
    private let isPlain: Bool
    /// Whether the options say nothing about strings, and about integers, so that arrays of them go their own way.
    private let hasOwnStrings: Bool
    private let hasOwnIntegers: Bool
    private let state: UnsafeMutablePointer<State>

    @safe
    private struct State {
        var document = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        var tape = unsafe UnsafeBufferPointer<TapeEntry>(start: nil, count: 0)
        var isLent = false
        /// For some objects, where the search for a name begins.
        var hints = InlineArray<8, Hint>(repeating: Hint())
        /// How the types that came so far are decoded: to ask a type what it conforms to takes longer.
        var ways: [ObjectIdentifier: Way] = [:]
    }

    /// How values of a type are decoded.
    private enum Way {
        case conversion(any JSONConversion)
        case own(any JSONDecodable.Type)
        case dictionary(any StringDictionary.Type)
        case decodable
    }

    private struct Hint {
        var object = -1
        var key = 0
    }

    /// Creates a context to which no document is lent.
    init(_ options: JSONDecodingOptions) {
        self.options = options
        isPlain = options.isEmpty
        hasOwnStrings = Self.saysNothing(options, about: String.self, [String].self)
        hasOwnIntegers = Self.saysNothing(options, about: Int.self, [Int].self)
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State())
    }

    deinit {
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }

    /// Decodes a value of a document that is lent for the time of this call.
    func decode<Value: Decodable>(_ type: Value.Type, lending json: borrowing JSONView) throws(JSONError) -> Value {
        unsafe state.pointee.document = json.document.withUnsafeBytes { unsafe $0 }
        unsafe state.pointee.tape = json.tape.withUnsafeBufferPointer { unsafe $0 }
        unsafe state.pointee.hints = InlineArray(repeating: Hint())
        unsafe state.pointee.isLent = true
        defer { unsafe state.pointee.isLent = false }
        let index = json.index
        do {
            return try decode(type, at: index)
        } catch {
            throw wrapped(error, at: index)
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
        // The most common ones need not be looked up.
        if type == [String].self, hasOwnStrings {
            return unsafe unsafeBitCast(try plain([String].self, at: index), to: type)
        }
        if type == [Int].self, hasOwnIntegers {
            return unsafe unsafeBitCast(try plain([Int].self, at: index), to: type)
        }
        switch way(of: type) {
        case .conversion(let conversion): return try convert(type, conversion, at: index)
        case .own(let own): return try decode(own, as: type, at: index)
        case .dictionary(let dictionary):
            if let value = try dictionary.decodeMembers(self, index) as? Value { return value }
        case .decodable: break
        }
        return try Value(from: TapeDecoder(context: self, index: index))
    }

    @inline(__always)
    private func way<Value: Decodable>(of type: Value.Type) -> Way {
        let key = ObjectIdentifier(type)
        if let way = unsafe state.pointee.ways[key] { return way }
        let way = findWay(of: type)
        unsafe state.pointee.ways[key] = way
        return way
    }

    @inline(never)
    private func findWay<Value: Decodable>(of type: Value.Type) -> Way {
        if let conversion = options.conversions[ObjectIdentifier(type)] { return .conversion(conversion) }
        if isPlain, let own = type as? any JSONDecodable.Type { return .own(own) }
        if isPlain { return .decodable }
        if let own = type as? any JSONScalarDecodable.Type { return .own(own) }
        if let dictionary = type as? any StringDictionary.Type { return .dictionary(dictionary) }
        return .decodable
    }

    private static func saysNothing(_ options: JSONDecodingOptions, about types: Any.Type...) -> Bool {
        types.allSatisfy { options.conversions[ObjectIdentifier($0)] == nil }
    }

    private func plain<Own: JSONDecodable>(_ own: Own.Type, at index: Int) throws -> Own {
        try withView(index) { json throws(JSONError) in try Own(json: json) }
    }

    private func decode<Own: JSONDecodable, Value>(_ own: Own.Type, as type: Value.Type, at index: Int) throws -> Value
    {
        guard let value = try plain(own, at: index) as? Value else {
            throw JSONError(.valueInvalid, "a conversion fails")
        }
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

    /// The entry of the value with that name in an object that ends before `end`, or −1.
    ///
    /// The search begins at the name that was found last and goes round once: the same name is often asked for again
    /// (is it there, is it null, what is it?), and the next one mostly follows.
    func findMember(_ name: String, of object: Int, end: Int) -> Int {
        guard unsafe state.pointee.isLent else { return -1 }
        var name = name
        let found = name.withUTF8 { buffer in
            let hint = unsafe state.pointee.hints[object & 7]
            let start = hint.object == object ? hint.key : object + 1
            let text = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(buffer))
            let document = unsafe RawSpan(_unsafeBytes: state.pointee.document)
            let tape = unsafe Span(_unsafeElements: state.pointee.tape)
            let found = tape.value(named: text, in: document, from: start, to: end)
            return found < 0 ? tape.value(named: text, in: document, from: object + 1, to: start) : found
        }
        if found >= 0 { unsafe state.pointee.hints[object & 7] = Hint(object: object, key: found - 1) }
        return found
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
