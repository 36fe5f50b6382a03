/// Where a lent connection goes when what it was lent for is over: a value that the pool installs.
protocol ConnectionWayBack: Sendable {
    /// The stream for which the connection is lent is being read by the running task, which may be another one than before.
    mutating func noteReading()

    /// Takes the connection back; what is left to be done with it is done on its loop, and the caller does not wait for that.
    func takeBack(_ surrendered: SurrenderedDriver)
}
