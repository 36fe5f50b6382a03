import Foundation
import PostgresTesting

/// Measures the library beside other clients against one throwaway server and writes down what each took.
@main struct Bench {
    static func main() async {
        switch Options.read(CommandLine.arguments.dropFirst()) {
        case .help: print(Options.usage)
        case .list: list()
        case .compare(let first, let second): compare(first, second)
        case .refused(let problem):
            complain("\(problem)\n\(Options.usage)")
            exit(2)
        case .measure(let options): await measure(options)
        }
    }

    private static func list() {
        for workload in Workload.allCases {
            print("\(workload.rawValue.padding(toLength: 12, withPad: " ", startingAt: 0))\(workload.summary(.full))")
        }
    }

    private static func compare(_ first: String, _ second: String) {
        do {
            print(try RunComparison(first, second).text)
        } catch {
            complain("cannot compare: \(error.localizedDescription)")
            exit(1)
        }
    }

    private static func measure(_ options: Options) async {
        let work = Task { try await Session(options).run() }
        let interruption = Interruption { work.cancel() }
        defer { interruption.end() }
        do {
            let failures = try await work.value
            for failure in failures { complain(failure) }
            exit(failures.isEmpty ? 0 : 1)
        } catch is CancellationError {
            complain("interrupted")
            exit(130)
        } catch {
            complain(work.isCancelled ? "interrupted" : "\(error)")
            exit(work.isCancelled ? 130 : 1)
        }
    }

    private static func complain(_ text: String) {
        // On a terminal the progress may still stand in this line.
        let beginning = isatty(STDERR_FILENO) == 1 ? "\r\u{1B}[K" : ""
        FileHandle.standardError.write(Data("\(beginning)bench: \(text)\n".utf8))
    }
}

/// Ctrl-C and its kin, as an event instead of an end.
private struct Interruption {
    private let sources: [any DispatchSourceSignal]

    init(_ body: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: body)
            source.resume()
            return source
        }
    }

    func end() { for source in sources { source.cancel() } }
}
