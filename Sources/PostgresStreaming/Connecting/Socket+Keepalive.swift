import Glibc
import PostgresTransport

extension Socket {
    /// Has the system look after a TCP connection, as far as the configuration says how.
    func apply(_ keepalive: PostgresConfiguration.Keepalive, at address: SocketAddress) {
        guard !address.isUnix else { return }
        setOption(level: SOL_SOCKET, SO_KEEPALIVE, keepalive.isOn ? 1 : 0)
        let settings = [
            (TCP_KEEPIDLE, keepalive.idleSeconds), (TCP_KEEPINTVL, keepalive.intervalSeconds),
            (TCP_KEEPCNT, keepalive.count), (TCP_USER_TIMEOUT, keepalive.userTimeoutMilliseconds),
        ]
        for (option, value) in settings {
            guard let value, value > 0 else { continue }
            setOption(level: Int32(IPPROTO_TCP), option, Int32(clamping: value))
        }
    }
}
