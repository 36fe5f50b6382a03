extension ReferenceLibpq {
    /// How an attempt to connect went.
    package struct Attempt: Sendable {
        /// Whether the server let the session in.
        package let isConnected: Bool
        /// Whether the session is encrypted.
        package let isEncrypted: Bool
        /// Why there is none.
        package let message: String
    }

    /// Connects with each of the strings, one after the other, and looks for files in `home`.
    ///
    /// In a process of its own, because the wheel's libpq brings another OpenSSL than this process has.
    package func connect(_ strings: [String], home: String) async throws -> [Attempt] {
        let lines = try await Python.lines(of: Self.program, [path, home] + strings)
        guard lines.count == strings.count else {
            throw ScriptedServer.Mismatch(description: lines.joined(separator: "\n"))
        }
        return lines.map { line in
            let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            return Attempt(
                isConnected: words[0] == "1", isEncrypted: words[1] == "1", message: String(words.last ?? ""))
        }
    }

    // A line of this file that begins with that word would be one of Swift's.
    private static let program = """
        if True: import ctypes, os, sys
        for name in list(os.environ):
            if name.startswith(("PG", "SSL_CERT")): del os.environ[name]
        os.environ["HOME"] = sys.argv[2]
        libpq = ctypes.CDLL(sys.argv[1])
        libpq.PQconnectdb.restype = ctypes.c_void_p
        libpq.PQerrorMessage.restype = ctypes.c_char_p
        for name in ("PQstatus", "PQerrorMessage", "PQsslInUse", "PQfinish"):
            getattr(libpq, name).argtypes = [ctypes.c_void_p]
        for string in sys.argv[3:]:
            connection = libpq.PQconnectdb(string.encode())
            message = libpq.PQerrorMessage(connection).decode(errors="replace")
            isConnected = libpq.PQstatus(connection) == 0
            print(int(isConnected), libpq.PQsslInUse(connection), " ".join(message.split()))
            libpq.PQfinish(connection)
        """
}
