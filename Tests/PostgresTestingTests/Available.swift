import PostgresTesting

/// Which versions this machine has, for the conditions of tests that need certain ones.
enum Available {
    static func versions(_ wanted: Int...) async -> Bool {
        let versions = Set(await ServerBinaries.all().map(\.version))
        return versions.isSuperset(of: wanted)
    }
}
