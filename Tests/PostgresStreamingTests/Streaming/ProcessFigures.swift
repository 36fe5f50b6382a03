import Foundation
import Testing

/// What the kernel says about this process.
enum ProcessFigures {
    /// A figure by its name, such as `VmHWM` of `/proc/self/status`, in the file's own unit.
    static func figure(_ name: String, in file: String) throws -> Int {
        // A file of the kernel has no size, so it is read until it ends.
        let handle = try #require(FileHandle(forReadingAtPath: file))
        let text = String(decoding: try #require(try handle.readToEnd()), as: UTF8.self)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("\(name):") })
        return try #require(line.split { !$0.isNumber }.last.flatMap { Int($0) })
    }

    /// The memory that is resident, in bytes.
    static func resident() throws -> Int { try figure("VmRSS", in: "/proc/self/status") * 1024 }

    /// The most memory that was resident at a time, in bytes.
    static func residentMax() throws -> Int { try figure("VmHWM", in: "/proc/self/status") * 1024 }
}
