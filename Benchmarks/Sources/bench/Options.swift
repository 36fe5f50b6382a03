/// What the command line asks for.
struct Options: Sendable {
    /// The names of the chosen workloads; empty for all.
    var workloads: [String] = []
    var isQuick = false
    var runs: Int?
    var machine: String?
    var output: String?
    /// A libpq of version 17 or newer, for chunked rows.
    var libpq: String?

    static let usage = """
        usage: scripts/bench [workload…] [--quick] [--runs N] [--output FOLDER] [--machine NAME] [--libpq PATH]
               scripts/bench --compare FOLDER FOLDER | --list | --help

        Measures the library beside other clients in the same run and writes tables, raw samples and charts to
        Benchmarks/Results/<date>-<machine>. Runs every workload unless some are named.

          --quick          small sizes and one run; the results go to a temporary folder
          --runs N         runs of each client, taken in turn; 3 unless said otherwise
          --output FOLDER  where the results go
          --machine NAME   what the machine is called; made from its processor unless given
          --libpq PATH     a libpq.so of version 17 or newer, for chunked rows; looked for unless given
          --compare        measures nothing and says which ratios of two runs differ by more than 15 %

        The exit code is 1 when clients disagree about the rows, or when a client of this library fails. Budgets are
        shown beside the figures and not judged.
        """

    /// What else than measuring the command line asks for.
    enum Request: Sendable {
        case measure(Options)
        case compare(String, String)
        case list
        case help
        case refused(String)
    }

    static func read(_ words: some Sequence<String>) -> Request {
        var options = Options()
        var iterator = words.makeIterator()
        while let word = iterator.next() {
            switch word {
            case "--help", "-h": return .help
            case "--list": return .list
            case "--compare":
                guard let first = iterator.next(), let second = iterator.next() else {
                    return .refused("--compare takes the folders of two runs")
                }
                return .compare(first, second)
            case "--quick": options.isQuick = true
            case "--runs", "--output", "--machine", "--libpq":
                guard let value = iterator.next() else { return .refused("\(word) needs a value") }
                if let problem = options.set(word, value) { return .refused(problem) }
            default:
                guard Workload(rawValue: word) != nil else {
                    return .refused("there is no \(word.hasPrefix("-") ? "option" : "workload") \(word)")
                }
                options.workloads.append(word)
            }
        }
        return .measure(options)
    }

    /// Takes a value; returns what is wrong with it.
    private mutating func set(_ name: String, _ value: String) -> String? {
        switch name {
        case "--runs":
            guard let number = Int(value), number > 0 else { return "--runs takes a number above zero" }
            runs = number
        case "--output": output = value
        case "--machine": machine = value
        default: libpq = value
        }
        return nil
    }
}
