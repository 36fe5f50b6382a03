import PostgresStreaming

/// The answer to a request's first line.
enum HTTP {
    static func answer(to request: String?, _ text: () -> String) -> String {
        let words = request?.split(separator: "\r\n").first?.split(separator: " ") ?? []
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return answer("400 Bad Request") }
        guard words[0] == "GET" || words[0] == "HEAD" else { return answer("405 Method Not Allowed") }
        guard words[1] == "/metrics" else { return answer("404 Not Found") }
        return answer("200 OK", PrometheusFormat.contentType, text(), hasBody: words[0] == "GET")
    }

    private static func answer(
        _ status: String, _ type: String = "text/plain", _ body: String = "", hasBody: Bool = true
    ) -> String {
        let head = "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
        return head + "Connection: close\r\n\r\n" + (hasBody ? body : "")
    }
}
