import Glibc
import PostgresStreaming

/// Does one workload with the library and prints what that took.
@main struct ClientSwift {
    // The main thread only waits: an asynchronous `main` ends that thread, which callgrind does not survive.
    static func main() {
        Task.detached { await work() }
        while true { pause() }
    }

    private static func work() async {
        do {
            let arguments = try Arguments(CommandLine.arguments.dropFirst())
            if arguments.isOnLoop {
                print(try await PostgresConnection.onEventLoop { try await run(arguments) })
            } else {
                print(try await run(arguments))
            }
            exit(0)
        } catch let refusal as Refusal {
            fail("\(refusal)\n\(Arguments.usage)", status: 2)
        } catch {
            fail("\(error)", status: 1)
        }
    }

    @concurrent
    private static func run(_ arguments: Arguments) async throws -> String {
        switch arguments.workload {
        case "connect": try await Connecting(arguments).run()
        case "connections": try await ManyConnections(arguments).run()
        case "early-exit": try await EarlyExit(arguments).run()
        case "first-row": try await FirstRow(arguments).run()
        case "value": try await ValueTiming(arguments).run()
        case "pipeline" where arguments.shape == .rows: try await Pipelined(arguments).statements()
        case "pipeline": try await Pipelined(arguments).run()
        case "load": try await Pipelined(arguments).load()
        case "copy-out": try await Copying(arguments).out()
        case "copy-rows": try await Copying(arguments).rows()
        case "copy-across": try await Copying(arguments).across()
        case "copy-in": try await Copying(arguments).into()
        case "huge-out": try await HugeValue(arguments).out()
        case "huge-in": try await HugeValue(arguments).into()
        case "roundtrip": try await RoundTrip(arguments).run()
        default: try await Streaming(arguments).run()
        }
    }

    private static func fail(_ message: String, status: Int32) -> Never {
        let line = "client-swift: \(message)\n"
        _ = unsafe write(STDERR_FILENO, line, line.utf8.count)
        exit(status)
    }
}
