import Glibc
import PostgresTestSupport
import PostgresTransport
import Testing

/// How many processors a process counts on.
@Suite struct ProcessorCountTests {
    /// The quota of a process in the group `path`, where groups have these limits.
    private func quota(in path: String, _ limits: [String: String]) throws -> Int {
        try TemporaryDirectory.with { directory in
            for (group, limit) in limits {
                let place = directory + group
                var made = ""
                for part in place.split(separator: "/") {
                    made += "/" + part
                    unsafe mkdir(made, 0o700)
                }
                try TemporaryDirectory.write(limit, to: place + "/cpu.max")
            }
            try TemporaryDirectory.write("1:name=other:/x\n0::\(path)\n", to: directory + "/membership")
            return ProcessorCount.quota(rootedAt: directory, of: directory + "/membership")
        }
    }

    @Test func `there is at least one`() { #expect(ProcessorCount.available >= 1) }

    @Test func `a quota is rounded down, and no quota is no limit`() throws {
        #expect(try quota(in: "/a", ["/a": "250000 100000\n"]) == 2)
        #expect(try quota(in: "/a", ["/a": "50000 100000\n"]) == 0)
        #expect(try quota(in: "/a", ["/a": "max 100000\n"]) == .max)
        #expect(try quota(in: "/a", [:]) == .max)
    }

    @Test func `the tightest quota on the way to the root counts`() throws {
        let limits = ["": "800000 100000\n", "/a": "300000 100000\n", "/a/b": "400000 100000\n"]
        #expect(try quota(in: "/a/b", limits) == 3)
        #expect(try quota(in: "/", limits) == 8)
    }

    @Test func `what is no quota is none`() throws {
        for text in ["", "x y\n", "1\n", "-5 100000\n", "100000 0\n"] {
            #expect(try quota(in: "/a", ["/a": text]) == .max)
        }
        #expect(ProcessorCount.quota(rootedAt: "/nowhere", of: "/nowhere/at/all") == .max)
    }
}
