import Glibc
import PostgresStreaming

struct Point: RowDecodable {
    let id: Int64, a: Int32, b: Double
    @inline(always)
    init(row: inout RowCursor) throws(PostgresError) {
        id = try row.next(); a = try row.next(); b = try row.next()
    }
}
@concurrent func run(_ mode: String, _ url: String) async throws -> (Int, Int64) {
                var rows = 0; var sum: Int64 = 0
                let c = try await PostgresConnection.connect(url)
    let q = try await c.query("SELECT id, a, b FROM narrow")
    switch mode {
    case "tuple":
                for try await (id, a, b) in q.decode((Int64, Int32, Double).self) {
                    rows += 1; sum &+= id &+ Int64(a) &+ Int64(b)
                }
    case "struct":
                for try await p in q.decode(Point.self) {
                    rows += 1; sum &+= p.id &+ Int64(p.a) &+ Int64(p.b)
                }
    case "chunks":
        for try await chunk in q.chunks {
            for i in 0..<chunk.count { var r = chunk.cells(i); rows += 1; sum &+= try r.next(Int64.self); sum &+= try Int64(r.next(Int32.self)); sum &+= try Int64(r.next(Double.self)) }
        }
    case "row":
        for try await row in q {
             var r = row.cells; rows += 1; sum &+= try r.next(Int64.self); sum &+= try Int64(r.next(Int32.self)); sum &+= try Int64(r.next(Double.self)) }
    case "count":
        for try await chunk in q.chunks { rows += chunk.count }
    default: fatalError()
    }
                await c.close()
    return (rows, sum)
}
@main struct Narrow {
    static func main() async throws {
        let url = CommandLine.arguments[1]
        let mode = CommandLine.arguments[2]
        let t0 = ContinuousClock.now
        var u0 = rusage(); getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &u0)
        var rows = 0; var sum: Int64 = 0
        switch CommandLine.arguments[3] {
        case "pool":
            (rows, sum) = try await run(mode, url)
        default:
            (rows, sum) = try await PostgresConnection.onEventLoop { () async throws -> (Int, Int64) in
                try await run(mode, url)
            }
        }
        var u1 = rusage(); getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &u1)
        func s(_ t: timeval) -> Double { Double(t.tv_sec) + Double(t.tv_usec) / 1e6 }
        let user = s(u1.ru_utime) - s(u0.ru_utime), sys = s(u1.ru_stime) - s(u0.ru_stime)
        print(mode, CommandLine.arguments[3], rows, sum, ContinuousClock.now - t0, "user", user, "sys", sys, "ns/row", (user+sys)/Double(rows)*1e9, "rss", u1.ru_maxrss)
    }
}
