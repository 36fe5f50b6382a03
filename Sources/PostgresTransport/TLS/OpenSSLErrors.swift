import COpenSSL
import Glibc

/// The calling thread's queue of OpenSSL errors. Whatever stays in it misleads the thread's next TLS call.
enum OpenSSLErrors {
    /// The oldest error of a queue, which is nearest to the cause.
    struct Entry {
        /// The reason in words of OpenSSL or of the system.
        let reason: String
        /// OpenSSL's number of the reason; zero where it is the system's.
        let code: Int32
        /// The alert that the peer sent (RFC 8446, section 6.2).
        let alert: String?
    }

    /// OpenSSL counts the reasons that are a peer's alerts from here on.
    private static let alertOffset: Int32 = 1000

    /// Empties the queue.
    static func clear() { ERR_clear_error() }

    /// Returns the oldest error and empties the queue.
    static func take() -> Entry? {
        let error = ERR_get_error()
        defer { ERR_clear_error() }
        guard error != 0 else { return nil }
        let code = ERR_GET_REASON(error)
        guard copenssl_is_system_error(error) == 0 else {
            return Entry(reason: systemReason(code), code: 0, alert: nil)
        }
        let reason = unsafe ERR_reason_error_string(error).map { unsafe String(cString: $0) } ?? "error \(code)"
        let isAlert = ERR_GET_LIB(error) == ERR_LIB_SSL && (alertOffset..<alertOffset + 256).contains(code)
        return Entry(reason: reason, code: code, alert: isAlert ? alert(reason) : nil)
    }

    /// The alert in a reason such as `tlsv13 alert certificate required`. OpenSSL's own names of alerts end with TLS 1.2.
    private static func alert(_ reason: String) -> String {
        var words = reason.split(separator: " ").dropFirst()
        if words.first == "alert" { words = words.dropFirst() }
        return words.isEmpty ? reason : words.joined(separator: " ")
    }

    /// Returns the oldest error's reason and empties the queue.
    static func takeReason() -> String { take()?.reason ?? "no reason given" }

    /// The system's words for an `errno`.
    static func systemReason(_ code: Int32) -> String {
        unsafe String(cString: strerror(code)).lowercased()
    }
}
