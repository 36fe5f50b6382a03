import Glibc

/// The value of an environment variable; nil when it is not set or empty.
func environmentVariable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
}

/// The operating system's words for an error number.
func errorText(_ number: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    // The Glibc module shows the XSI form, which fills the buffer and returns zero.
    guard unsafe strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
    return text(untilNull: buffer)
}

/// Reads until the end, the limit, or a read that ends with the delimiter. Blocks where the descriptor does.
package func readBytes(from descriptor: Int32, max: Int, until delimiter: UInt8? = nil) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while bytes.count < max, bytes.isEmpty || bytes.last != delimiter {
        let count = unsafe read(descriptor, &buffer, min(buffer.count, max - bytes.count))
        if count > 0 {
            bytes += buffer[..<count]
        } else if count == 0 || errno != EINTR {
            break
        }
    }
    return bytes
}

/// The text of a file from an offset in bytes on, at most so many bytes of it; nil when it cannot be read.
func fileText(_ path: String, from offset: Int = 0, max: Int) -> String? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    lseek(descriptor, off_t(offset), SEEK_SET)
    return String(decoding: readBytes(from: descriptor, max: max), as: UTF8.self)
}

/// The size of a file in bytes; zero when there is none.
func fileSize(_ path: String) -> Int {
    var information = stat()
    return unsafe stat(path, &information) == 0 ? Int(information.st_size) : 0
}

/// The permission bits of a file; nil when it does not exist.
func fileMode(_ path: String) -> mode_t? {
    var information = stat()
    return unsafe stat(path, &information) == 0 ? information.st_mode : nil
}

/// The names in a directory in alphabetical order, without `.` and `..`; none when it cannot be read.
package func directoryEntries(_ path: String) -> [String] {
    guard let directory = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
        let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            unsafe String(decoding: bytes.prefix { byte in byte != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// Where a symbolic link points to; nil when it is none or may not be read.
package func linkTarget(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    guard unsafe readlink(path, &buffer, buffer.count - 1) > 0 else { return nil }
    return text(untilNull: buffer)
}

/// The path without symbolic links; nil when there is no such file.
func resolvedPath(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
}

private func text(untilNull characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
