/// Which of the protocol's two ways a query goes (manual: "Message Flow").
public enum QueryMode: Hashable, Sendable {
    /// The extended query protocol: parameters, binary results, one statement. The rows come as fast as they are asked for;
    /// a consumer that pauses lets the server wait in its write to the socket. The default.
    case extended
    /// The simple query protocol: no parameters, results as text, and several statements in one string, of which at most
    /// one may return rows. For servers and poolers that know nothing else, and for scripts.
    case simple
}
