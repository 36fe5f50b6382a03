import Glibc
import PostgresTransport

/// Writes down every message that connections send and receive, in lines for people (manual: "Message Formats"), as libpq's
/// `PQtrace` does; see `PostgresConfiguration.wireTrace`.
///
/// ```
/// #1 +0.000411 F 58 Parse "" SELECT, 33 bytes of SQL, parameter types 20
/// #1 +0.000411 F 29 Bind "" to "", parameters 1 (binary 8 bytes), results binary
/// #1 +0.000894 B 11 DataRow 1 column (4 bytes)
/// #1 +0.000894 B 91 ErrorResponse ERROR SQLSTATE 22012, routine int4div, position -
/// ```
///
/// A line has the connection's number, the seconds since it was opened, who spoke (`F` this side, the frontend, `B` the
/// server), the message's length as the protocol counts it, its name in the manual, and its fields. Values, passwords, keys,
/// salts and the texts of errors are never in it, only their lengths; names of statements, columns, channels and parameters
/// are. Where TLS encrypts the connection the lines show what lies inside. Cancel requests and the request for TLS travel
/// before or beside the session and have no line.
///
/// Each line costs some microseconds in the task that reads or writes: for finding faults, not for production.
public struct PostgresWireTrace: Sendable {
    /// Takes one line, without its end. It is called by many tasks at once, in the middle of their work: it must be quick.
    let write: @Sendable (String) -> Void
    /// Whether the text of SQL is written down, in which people put values.
    let includesSQL: Bool

    /// Creates a trace.
    ///
    /// - Parameters:
    ///   - includesSQL: whether the text of SQL is written down, up to 500 characters of it; without it the first word and
    ///     the length are. False by default, because texts hold values where a program puts them there.
    ///   - write: takes one line, without its end; called by many tasks at once.
    public init(includesSQL: Bool = false, _ write: @escaping @Sendable (String) -> Void) {
        self.write = write
        self.includesSQL = includesSQL
    }

    /// Writes the lines to the standard error stream.
    public static let standardError = PostgresWireTrace { line in
        let bytes = Array("\(line)\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
