/// How a statement is run by a portal of its own.
struct PortalExecution {
    let portal: String
    /// The most rows that it brings.
    let rowsMax: Int32
}
