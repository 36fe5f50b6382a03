import Glibc

/// What tells whether a file is another one than before, or has changed.
struct FileStamp: Hashable, Sendable {
    let path: String
    private let figures: [Int]

    init(_ path: String) {
        self.path = path
        var status = stat()
        // A path that leads elsewhere by a link that was changed has another number here.
        guard unsafe stat(path, &status) == 0 else {
            figures = []
            return
        }
        figures = [
            Int(status.st_dev), Int(status.st_ino), Int(status.st_size), Int(status.st_mode),
            Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec),
        ]
    }
}
