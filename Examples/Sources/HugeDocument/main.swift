// A document that is longer than memory should be: written to a file while it is received, and sent back from the file while
// it is read. Memory stays at a few buffers.
//
//     swift run --package-path Examples HugeDocument postgres://user@localhost/database

import Glibc
import PostgresStreaming
import ProcessMemory
import Tracker

await ExampleProgram.run("HugeDocument") { url in
    let client = try PostgresClient(url)
    try await client.execute("CREATE TABLE tracker.tb_file (name text, body bytea)")
    try await client.execute(
        "INSERT INTO tracker.tb_file VALUES ('first', decode(repeat('0123456789abcdef', 8 << 20), 'hex'))")
    let path = "/tmp/huge-document-\(getpid())"
    defer { unsafe unlink(path) }

    let before = ProcessMemory.residentBytes
    let files = try await client.query("SELECT name, body FROM tracker.tb_file", streaming: "body")
    for try await file in files {
        guard let body = file.value else { continue }
        let count = try await body.write(toFile: path)
        print("\(try file.leading["name", as: String.self]): \(count) bytes written")
    }

    let file = try PostgresFile(reading: path)
    try await client.execute(
        "INSERT INTO tracker.tb_file VALUES ('second', \(streamed: .bytea))", sending: file, byteCount: file.byteCount)
    print("memory grew by less than 16 MiB: \(ProcessMemory.residentBytesMax - before < 16 << 20)")

    let same = try await client.query(
        "SELECT count(DISTINCT sha256(body)) = 1 AND count(*) = 2 FROM tracker.tb_file"
    ).only().decode(Bool.self)
    print("both are the same: \(same)")
    await client.close()
}
