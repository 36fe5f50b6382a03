import Glibc

/// A decoder that is fed bytes nobody has vouched for: it answers or refuses, and never traps.
///
/// A target is a case here and a file of its own, named after it.
enum FuzzTarget: String, CaseIterable, Sendable {
    /// Framing, messages and rows of the protocol.
    case wire
    /// Integers, floats, numeric, money.
    case numbers
    /// Days, times, intervals.
    case times
    /// Text, bytes, bits, and what is short.
    case words
    /// Documents and queries for text search.
    case search
    /// Geometry.
    case figures
    /// Addresses of hosts, networks and hardware.
    case addresses
    /// Arrays of any number of dimensions.
    case arrays
    /// Ranges and multiranges.
    case ranges
    /// Records and composite values.
    case records
    /// JSON documents.
    case json
    /// Documents of configuration, in YAML and in JSON.
    case config
    /// The data of a COPY in the text format.
    case copytext
    /// The data of a COPY in the CSV format.
    case copycsv
    /// The data of a COPY in the binary format.
    case copybinary

    /// Feeds the input to the decoder, and traps where an answer cannot be right.
    func run(_ input: [UInt8]) {
        switch self {
        case .wire: WireTarget.run(input)
        case .records: RecordTarget.run(input)
        case .json: JSONTarget.run(input)
        case .config: ConfigTarget.run(input)
        case .copytext: CopyTarget.text.run(input)
        case .copycsv: CopyTarget.csv.run(input)
        case .copybinary: CopyTarget.binary.run(input)
        default: values?.run(input)
        }
    }

    /// Inputs to start from.
    var seeds: [[UInt8]] {
        switch self {
        case .wire: WireTarget.seeds
        case .records: RecordTarget.seeds
        case .json: JSONTarget.seeds
        case .config: ConfigTarget.seeds
        case .copytext: CopyTarget.text.seeds
        case .copycsv: CopyTarget.csv.seeds
        case .copybinary: CopyTarget.binary.seeds
        default: values?.seeds ?? []
        }
    }

    /// The family of values that is fed; nil for targets of another kind.
    private var values: ValueTarget? {
        switch self {
        case .numbers: .numbers
        case .times: .times
        case .words: .words
        case .search: .search
        case .figures: .figures
        case .addresses: .addresses
        case .arrays: .arrays
        case .ranges: .ranges
        case .wire, .records, .json, .config, .copytext, .copycsv, .copybinary: nil
        }
    }

    /// The target that the environment names.
    static let chosen: FuzzTarget = {
        guard let name = environment("FUZZ_TARGET"), let target = FuzzTarget(rawValue: name) else {
            fail("FUZZ_TARGET is to be one of \(allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return target
    }()

    /// Writes a file for each seed into an existing folder.
    func writeSeeds(into folder: String) {
        for (index, seed) in seeds.enumerated() {
            guard let file = unsafe fopen("\(folder)/\(rawValue)-\(index)", "w") else {
                fail("cannot write to \(folder)")
            }
            unsafe fwrite(seed, 1, seed.count, file)
            unsafe fclose(file)
        }
    }
}

/// The value of an environment variable that is set.
func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
}

private func fail(_ message: String) -> Never {
    print("fuzz: \(message)")
    exit(2)
}
