/// How a query is written: literals of the source text, text made at run time, and parameters between them.
///
/// Two queries of literals alone that were written in the same place have the same text, which need not be put together to
/// know it: where the literals lie is enough.
package struct QueryWriting: Sendable {
    enum Segment: Sendable {
        /// A part of a literal of the source text.
        case literal(StaticString)
        case sql(String)
        /// A parameter by its index from 0.
        case parameter(Int)
    }

    private(set) var segments: [Segment] = []
    /// Alike for queries that were written in the same place; differs for nearly all others.
    package private(set) var fingerprint: UInt = 0
    /// Whether all of the text stands in the source text.
    package private(set) var isLiteral = true

    /// The number of literals, other texts and parameters.
    package var segmentCount: Int { segments.count }

    init() {}

    mutating func reserveCapacity(_ count: Int) { segments.reserveCapacity(count) }

    mutating func append(literal: StaticString) {
        segments.append(.literal(literal))
        guard literal.hasPointerRepresentation else {
            isLiteral = false
            return
        }
        mix(unsafe UInt(bitPattern: literal.utf8Start))
    }

    mutating func append(sql text: String) {
        segments.append(.sql(text))
        isLiteral = false
    }

    mutating func append(parameter index: Int) {
        segments.append(.parameter(index))
        mix(UInt(bitPattern: index))
    }

    /// Appends what was written elsewhere; its parameters are numbered from `first` on.
    mutating func append(_ other: QueryWriting, numberedFrom first: Int) {
        for segment in other.segments {
            switch segment {
            case .literal(let literal): append(literal: literal)
            case .sql(let text): append(sql: text)
            case .parameter(let index): append(parameter: first + index)
            }
        }
    }

    private mutating func mix(_ part: UInt) { fingerprint = (fingerprint &+ part) &* 0x9E37_79B9_7F4A_7C15 }

    /// Whether both have the same text because the same literals of the source text make it up.
    package func isWritten(where other: QueryWriting) -> Bool {
        guard isLiteral, other.isLiteral, segments.count == other.segments.count else { return false }
        for index in segments.indices {
            switch (segments[index], other.segments[index]) {
            case (.literal(let mine), .literal(let theirs)):
                guard unsafe mine.utf8Start == theirs.utf8Start, mine.utf8CodeUnitCount == theirs.utf8CodeUnitCount
                else { return false }
            case (.parameter(let mine), .parameter(let theirs)): guard mine == theirs else { return false }
            default: return false
            }
        }
        return true
    }

    /// The SQL, with `$1`, `$2` and so on where the parameters stand.
    var sql: String {
        if segments.count == 1, let text = segments[0].text { return text }
        var text = ""
        var endsInParameter = false
        for segment in segments {
            if let part = segment.text {
                // What is written right after a number must not become a part of it, as in "LIMIT \(n)0".
                if endsInParameter, part.utf8.first?.isIdentifierPart ?? false { text += " " }
                text += part
                endsInParameter = endsInParameter && part.isEmpty
            } else if case .parameter(let index) = segment {
                if text.utf8.last?.isIdentifierPart ?? false { text += " " }
                text += "$\(index + 1)"
                endsInParameter = true
            }
        }
        return text
    }
}

extension QueryWriting.Segment {
    /// Its SQL; nil for a parameter.
    var text: String? {
        switch self {
        case .literal(let literal): "\(literal)"
        case .sql(let text): text
        case .parameter: nil
        }
    }
}
