/// Why a registry cannot do what it was asked to do.
public struct RegistryError: Error, Sendable, Hashable {
    /// What kind of failure it is. New kinds may come with any release.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The code's name.
        public let description: String

        private init(_ name: String) { description = name }

        /// The document, or a file that it names, cannot be used; `problems` has every reason.
        public static let documentInvalid = Code("documentInvalid")
        /// A document that was named does not exist.
        public static let documentMissing = Code("documentMissing")
        /// The document has no connection, group or environment of that name.
        public static let nameUnknown = Code("nameUnknown")
        /// The confirmation is not the one that the connection asks for; `problems` says which it is.
        public static let confirmationWrong = Code("confirmationWrong")
        /// A protected connection cannot be given without a confirmation, because nothing would keep it from writing.
        public static let confirmationNeeded = Code("confirmationNeeded")
        /// There are as many pools in use as `RegistryOptions.poolsMax` allows.
        public static let tooManyPools = Code("tooManyPools")
        /// The registry was closed.
        public static let closed = Code("closed")
    }

    /// What kind of failure it is.
    public let code: Code
    /// Everything that is wrong, in the order of the places: one at least, 100 at most.
    public let problems: [RegistryProblem]

    init(_ code: Code, _ problems: [RegistryProblem]) {
        self.code = code
        self.problems = problems
    }

    init(_ code: Code, _ message: String, hint: String? = nil, at place: RegistryPlace? = nil) {
        self.init(code, [RegistryProblem(message, hint: hint, at: place)])
    }
}

extension RegistryError: CustomStringConvertible {
    /// The problems, one on each line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
