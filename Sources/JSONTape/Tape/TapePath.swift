/// Finds the way to an entry afterwards, when somebody asks: nobody keeps a path while decoding.
struct TapePath: ~Escapable {
    private let document: RawSpan
    private let tape: Span<TapeEntry>

    @_lifetime(copy document, copy tape)
    init(_ document: RawSpan, _ tape: Span<TapeEntry>) {
        self.document = document
        self.tape = tape
    }

    /// The steps from the document's value to an entry, in time linear in the entries before it.
    func steps(to target: Int) -> [JSONPathStep] {
        var steps: [JSONPathStep] = []
        var index = 0
        while index < target {
            let end = index + 1 + Int(tape[index].extent)
            let isObject = tape[index].isKind(.object)
            guard target < end, isObject || tape[index].isKind(.array) else { return steps }
            var child = index + 1
            var position = 0
            // The child that the target is, or lies in.
            while true {
                let value = isObject ? child + 1 : child
                let next = value + 1 + Int(tape[value].extent)
                guard target >= next else {
                    steps.append(isObject ? .key(name(child)) : .index(position))
                    index = max(value, child)
                    break
                }
                child = next
                position += 1
            }
            // A member's own name is the way to it as well.
            if isObject, target == child { return steps }
        }
        return steps
    }

    private func name(_ key: Int) -> String {
        let entry = tape[key]
        return entry.isShadowed ? "?" : StringText(document, entry).string
    }
}
