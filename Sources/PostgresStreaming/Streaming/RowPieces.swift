import PostgresWire

/// The parts of rows that come in pieces, as the stream takes them and its consumer is given them.
final class RowPieces {
    /// What came and was not handed out.
    var part: RowPart?
    /// What was handed out last, with the buffer it lies in.
    var handedOut: RowPart?
}
