extension PostgresConfiguration {
    /// What a server has to be for its session to be taken (libpq's `target_session_attrs`).
    public enum TargetSession: String, CaseIterable, Hashable, Sendable {
        /// Whatever it is.
        case any
        /// Its transactions write unless they say otherwise: a primary whose sessions do not begin read-only.
        case readWrite = "read-write"
        /// Its transactions only read: a standby, or a server whose sessions begin read-only.
        case readOnly = "read-only"
        /// It is no standby.
        case primary
        /// It is a standby: it copies what another server commits, and only reads.
        case standby
        /// A standby where there is one, otherwise whatever there is.
        case preferStandby = "prefer-standby"
    }
}
