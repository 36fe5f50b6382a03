/// How metrics are written for Prometheus.
public struct PrometheusFormat: Hashable, Sendable {
    /// What every name begins with, followed by an underscore; empty for nothing.
    public var prefix = "postgres"
    /// Whether the histograms that fraiseql-wire has in milliseconds are there under those names too, beside those in
    /// seconds. Prometheus's own rules want seconds.
    public var hasMilliseconds = false

    /// The defaults.
    public init() {}

    /// What dashboards made for fraiseql-wire ask for.
    public static var fraiseWire: PrometheusFormat {
        var format = PrometheusFormat()
        format.prefix = "fraiseql"
        format.hasMilliseconds = true
        return format
    }

    /// The content type of the text, for an HTTP answer.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"
}

extension MetricsSnapshot {
    /// Everything in the text format that Prometheus reads (version 0.0.4).
    ///
    /// A metric with labels of which none has occurred yet shows with its meaning alone.
    public func prometheusText(_ format: PrometheusFormat = PrometheusFormat()) -> String {
        var text = ""
        for metric in metrics where metric.unit != .milliseconds || format.hasMilliseconds {
            let name = PrometheusText.name(metric.name, format.prefix)
            text +=
                "# HELP \(name) \(PrometheusText.escaped(help: metric.help))\n# TYPE \(name) \(metric.kind.rawValue)\n"
            for series in metric.series { PrometheusText.append(series, of: metric, name, to: &text) }
        }
        return text
    }
}

private enum PrometheusText {
    static func append(
        _ series: MetricsSnapshot.Series, of metric: MetricsSnapshot.Metric, _ name: String, to text: inout String
    ) {
        let labels = series.labels.map { "\($0.name)=\"\(escaped(value: $0.value))\"" }
        guard metric.kind == .histogram else {
            text += "\(name)\(braced(labels)) \(number(series.value))\n"
            return
        }
        for bucket in series.buckets {
            text += "\(name)_bucket\(braced(labels + ["le=\"\(number(bucket.bound))\""])) \(bucket.count)\n"
        }
        text += "\(name)_sum\(braced(labels)) \(number(series.value))\n"
        text += "\(name)_count\(braced(labels)) \(series.count)\n"
    }

    private static func braced(_ labels: [String]) -> String {
        labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
    }

    static func number(_ value: Double) -> String {
        guard value.isFinite else { return value > 0 ? "+Inf" : value < 0 ? "-Inf" : "NaN" }
        if let whole = Int(exactly: value) { return "\(whole)" }
        return "\(value)"
    }

    /// A name may have letters, digits, underscores and colons, and begins with no digit.
    static func name(_ name: String, _ prefix: String) -> String {
        let whole = prefix.isEmpty ? name : "\(prefix)_\(name)"
        let clean = whole.unicodeScalars.map { scalar -> Character in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == ":")
                ? Character(scalar) : "_"
        }
        return clean.first?.isNumber == true ? "_" + String(clean) : String(clean)
    }

    static func escaped(help text: String) -> String { escaped(text, quote: false) }

    static func escaped(value text: String) -> String { escaped(text, quote: true) }

    private static func escaped(_ text: String, quote: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quote: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
