/// The options of a command line, `--name value` or `--name=value`, each at most once.
struct CommandLineOptions {
    /// A command line that cannot be followed.
    struct Invalid: Error { let problem: String }

    private(set) var isHelpWanted = false
    private var values: [String: String] = [:]

    init(_ arguments: some Sequence<String>, names: [String]) throws {
        var words = arguments.makeIterator()
        while let word = words.next() {
            guard word != "--help", word != "-h" else {
                isHelpWanted = true
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard names.contains(parts[0]) else { throw Invalid(problem: "unknown argument \"\(parts[0])\"") }
            guard let value = parts.count == 2 ? parts[1] : words.next(), !value.isEmpty else {
                throw Invalid(problem: "\(parts[0]) needs a value")
            }
            guard values.updateValue(value, forKey: parts[0]) == nil else {
                throw Invalid(problem: "\(parts[0]) is given twice")
            }
        }
    }

    subscript(name: String) -> String? { values[name] }
}
