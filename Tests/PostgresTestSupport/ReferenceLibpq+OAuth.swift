extension ReferenceLibpq {
    /// Connects with each of the strings and shows a token to servers that ask for one, from version 18 on.
    ///
    /// In a process of its own, as `connect(_:home:)`.
    package func connect(_ strings: [String], showing token: String) async throws -> [Attempt] {
        let lines = try await Python.lines(of: Self.program, [path, token] + strings)
        guard lines.count == strings.count else {
            throw ScriptedServer.Mismatch(description: lines.joined(separator: "\n"))
        }
        return lines.map { line in
            let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            return Attempt(isConnected: words[0] == "1", isEncrypted: false, message: String(words.last ?? ""))
        }
    }

    // A line of this file that begins with that word would be one of Swift's.
    private static let program = """
        if True: import ctypes, os, sys
        for name in list(os.environ):
            if name.startswith("PG"): del os.environ[name]
        libpq = ctypes.CDLL(sys.argv[1])
        class Request(ctypes.Structure):
            _fields_ = [("configuration", ctypes.c_char_p), ("scope", ctypes.c_char_p), ("run", ctypes.c_void_p),
                        ("cleanup", ctypes.c_void_p), ("token", ctypes.c_char_p), ("user", ctypes.c_void_p)]
        token = sys.argv[2].encode()
        @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
        def hook(kind, connection, data):
            if kind != 1: return 0
            ctypes.cast(data, ctypes.POINTER(Request)).contents.token = token
            return 1
        libpq.PQsetAuthDataHook(hook)
        libpq.PQconnectdb.restype = ctypes.c_void_p
        libpq.PQerrorMessage.restype = ctypes.c_char_p
        for name in ("PQstatus", "PQerrorMessage", "PQfinish"):
            getattr(libpq, name).argtypes = [ctypes.c_void_p]
        for string in sys.argv[3:]:
            connection = libpq.PQconnectdb(string.encode())
            message = libpq.PQerrorMessage(connection).decode(errors="replace")
            print(int(libpq.PQstatus(connection) == 0), " ".join(message.split()))
            libpq.PQfinish(connection)
        """
}
