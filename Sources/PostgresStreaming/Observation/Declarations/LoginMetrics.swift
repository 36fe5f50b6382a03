/// What is counted of logins.
package struct LoginMetrics: Sendable {
    /// The server asked for a proof.
    let asked: MetricSeries<Counter, LoginMechanism>
    let succeeded: MetricSeries<Counter, LoginMechanism>
    let failed: MetricSeries<Counter, LoginMechanism, ErrorReason>
    let time: MetricSeries<Histogram, LoginMechanism>
    let bindings: MetricSeries<Counter, ChannelBound>

    init(_ catalogue: inout MetricCatalogue) {
        asked = catalogue.series("authentications_total", "Logins for which the server asked for a proof.")
        succeeded = catalogue.series(
            "authentications_successful_total", "Logins that the server accepted; \"none\" where it asked for no proof."
        )
        failed = catalogue.series("authentications_failed_total", "Logins that failed after a proof was asked for.")
        time = catalogue.series(
            "auth_duration_seconds", "Time from the StartupMessage to AuthenticationOk.", unit: .seconds)
        catalogue.milliseconds("auth_duration_ms", of: time.declaration)
        bindings = catalogue.series("scram_logins_total", "Logins by SCRAM, by whether they were bound to TLS.")
    }
}

/// How a role proves who it is.
package enum LoginMechanism: Int, ClosedMetricLabel {
    case none, cleartext, md5, scram, oauth
    /// The label's name.
    package static let name = "mechanism"
}

/// Whether SCRAM was bound to the TLS connection.
package enum ChannelBound: Int, ClosedMetricLabel {
    case none, tlsServerEndPoint
    /// The label's name.
    package static let name = "channel_binding"
}
