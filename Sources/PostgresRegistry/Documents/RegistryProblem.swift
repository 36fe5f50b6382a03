/// One thing that is wrong with a registry's document. It never holds a value of the document.
public struct RegistryProblem: Sendable, Hashable, CustomStringConvertible {
    /// What is wrong: one line, lower case.
    public let message: String
    /// A sentence that says what to write instead.
    public let hint: String?
    /// Where it is; nil where it is in no file.
    public let place: RegistryPlace?

    init(_ message: String, hint: String? = nil, at place: RegistryPlace?) {
        self.message = message
        self.hint = hint
        self.place = place
    }

    /// Place, message and hint on one line, as compilers write them.
    public var description: String {
        (place.map { "\($0): " } ?? "") + message + (hint.map { ". \($0)" } ?? "")
    }
}

/// The problems that are found while a document is read: all of them, up to a bound.
struct ProblemList {
    /// The most problems that are told of one document.
    static let countMax = 100

    private(set) var all: [RegistryProblem] = []

    mutating func add(_ message: String, hint: String? = nil, at place: RegistryPlace?) {
        add(RegistryProblem(message, hint: hint, at: place))
    }

    mutating func add(_ problem: RegistryProblem) {
        guard all.count < Self.countMax, !all.contains(problem) else { return }
        all.append(problem)
    }

    var isEmpty: Bool { all.isEmpty }

    /// Throws what was found, in the order of the places.
    func check() throws(RegistryError) {
        guard !all.isEmpty else { return }
        let sorted = all.sorted { left, right in
            guard let first = left.place, let second = right.place else {
                return left.place == nil && right.place != nil
            }
            return first < second
        }
        throw RegistryError(.documentInvalid, sorted)
    }
}
