import PostgresStreaming

/// What the command line asks for.
struct DemoArguments {
    enum Source {
        case help
        case throwaway
        case server(url: String, query: PostgresQuery)
    }

    typealias Invalid = CommandLineOptions.Invalid

    static let usage = "usage: Demo [--rows N] [--url URL (--view NAME [--column NAME] | --query SQL)]"
    static let rowsByDefault = 1_000_000

    let source: Source
    let rows: Int?

    init(_ arguments: some Sequence<String>) throws {
        let options = try CommandLineOptions(
            arguments, names: ["--rows", "--url", "--view", "--column", "--query"])
        rows = try options["--rows"].map(Self.rows)
        source = options.isHelpWanted ? .help : try Self.source(options)
    }

    private static func rows(_ text: String) throws -> Int {
        guard let rows = Int(text), (1...1_000_000_000).contains(rows) else {
            throw Invalid(problem: "--rows needs a whole number from 1 to 1000000000, not \"\(text)\"")
        }
        return rows
    }

    private static func source(_ options: CommandLineOptions) throws -> Source {
        guard let url = options["--url"] else {
            if let stray = ["--view", "--column", "--query"].first(where: { options[$0] != nil }) {
                throw Invalid(problem: "\(stray) needs --url: the throwaway server has a view of its own")
            }
            return .throwaway
        }
        switch (options["--view"], options["--column"], options["--query"]) {
        case (let view?, let column, nil):
            return .server(url: url, query: Documents.query(view: view, column: column ?? "data"))
        case (nil, nil, let sql?): return .server(url: url, query: PostgresQuery(unsafeSQL: sql))
        case (nil, nil, nil): throw Invalid(problem: "--url needs --view NAME or --query SQL")
        case (nil, _, nil): throw Invalid(problem: "--column needs --view")
        case (_, _, _?): throw Invalid(problem: "--query goes with neither --view nor --column")
        }
    }
}
