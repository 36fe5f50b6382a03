import Glibc
import PostgresTransport

/// Runs the library's pool and streams in many orders of everything: `interleavings --count 1000 --seed 7`, or one of them
/// again, with every step: `interleavings --replay 7`.
@main
struct Interleavings {
    static func main() throws {
        var queue = ScheduleQueue()
        queue.seed = .random(in: 0...(.max >> 1))
        queue.count = 1_000
        var arguments = CommandLine.arguments.dropFirst()
        while let option = arguments.popFirst(), let value = arguments.popFirst() {
            switch option {
            case "--count": queue.count = Int(value) ?? queue.count
            case "--seed": queue.seed = UInt64(value) ?? queue.seed
            case "--replay": (queue.seed, queue.count, queue.isReplay) = (UInt64(value) ?? 0, 1, true)
            default: break
            }
        }
        for fault in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT] { tellSeed(on: fault) }
        hashAlike()
        WorldExecutor.install()
        World.shared.begin(queue)
        SystemCalls.begin()
        // One thread runs everything, and time is the world's.
        EventLoops.countMax = 1
        EventLoops.busyPollTime = .zero
        // Its thread is the one that runs everything.
        let loop = try EventLoops.first()
        withExtendedLifetime(loop) { while true { pause() } }
    }

    /// A trap takes everything along but the seed.
    private static func tellSeed(on fault: Int32) {
        signal(fault) { fault in
            print("schedule \(World.shared.seed): ended by signal \(fault)")
            exit(2)
        }
    }

    /// Begins again with hashes that are the same in every process, so that sets and dictionaries have one order.
    private static func hashAlike() {
        guard unsafe getenv("SWIFT_DETERMINISTIC_HASHING") == nil else { return }
        unsafe setenv("SWIFT_DETERMINISTIC_HASHING", "1", 1)
        var arguments = unsafe CommandLine.arguments.map { unsafe strdup($0) } + [nil]
        unsafe execv("/proc/self/exe", &arguments)
    }
}
