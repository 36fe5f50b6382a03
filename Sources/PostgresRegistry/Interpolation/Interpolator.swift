import PostgresStreaming

/// A text whose references were filled in.
struct ResolvedText: Sendable, Hashable {
    var text: String
    /// Whether a part of it comes from a file or a command, which are not shown.
    var isHidden = false
    /// The references as they are shown: `${NAME}`, `${file:path}`.
    var references: [String] = []
}

/// Fills in references: each once, in the text as it was written, and never in what another one gave.
///
/// One is used for one reading of a document, in which a file is read once and a command runs once.
struct Interpolator {
    let surroundings: Surroundings
    let options: RegistryOptions
    private var stamps: [String: FileStamp] = [:]
    private var files: [String: Result<String, Failure>] = [:]
    private var commands: [String: Result<String, Failure>] = [:]

    struct Failure: Error, Hashable {
        let message: String
        var hint: String?
    }

    /// The longest text that a file gives, in bytes.
    private static let fileBytesMax = 64 << 10

    init(_ options: RegistryOptions, _ surroundings: Surroundings) {
        self.options = options
        self.surroundings = surroundings
    }

    /// The files that were read.
    var filesRead: [FileStamp] { Array(stamps.values) }

    /// Fills in a setting's references.
    ///
    /// - Parameter isURL: whether what they give is encoded as a part of a URL. Where one is the whole of the text it is
    ///   taken as it is.
    mutating func resolve(_ text: String, in folder: String, isURL: Bool) throws(Failure) -> ResolvedText {
        let reference: ReferenceText
        do throws(ReferenceText.Failure) {
            reference = try ReferenceText(text)
        } catch {
            throw Failure(message: error.message, hint: error.hint)
        }
        var resolved = ResolvedText(text: "")
        let encodes = isURL && reference.parts.count > 1
        for part in reference.parts {
            switch part {
            case .literal(let literal): resolved.text += literal
            case .reference(let reference):
                let value = try value(of: reference, in: folder, &resolved)
                resolved.text += encodes ? Self.percentEncoded(value) : value
            }
        }
        guard !resolved.text.utf8.contains(0) else { throw Failure(message: "holds a NUL character") }
        return resolved
    }

    private mutating func value(
        of reference: ReferenceText.Reference, in folder: String, _ resolved: inout ResolvedText
    ) throws(Failure) -> String {
        switch reference {
        case .variable(let name, let fallback, let reason):
            resolved.references.append("${\(name)}")
            return try variable(name, fallback, reason)
        case .file(let written):
            let path = FilePath.resolve(written, in: folder)
            resolved.references.append("${file:\(path)}")
            resolved.isHidden = true
            if stamps[path] == nil { stamps[path] = FileStamp(path) }
            let known = files[path] ?? file(path)
            files[path] = known
            return try known.get()
        case .command(let command):
            // Its words may hold a secret.
            resolved.references.append("${command:…}")
            resolved.isHidden = true
            let known = commands[command] ?? output(of: command)
            commands[command] = known
            return try known.get()
        }
    }

    private func variable(_ name: String, _ fallback: String?, _ reason: String?) throws(Failure) -> String {
        let value: String?
        do throws(RegistryError) {
            value = try surroundings.variable(name)
        } catch {
            throw Failure(message: "names the environment variable \(name), which is not UTF-8")
        }
        if let value, !value.isEmpty { return value }
        if let fallback { return fallback }
        let problem = value == nil ? "is not set" : "is empty"
        throw Failure(
            message: "names the environment variable \(name), which \(problem)"
                + (reason.map { ": \(Self.oneLine($0))" } ?? ""),
            hint: "Set it, or write ${\(name):-default}.")
    }

    /// A reason as it may stand in an error.
    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(200).map { $0.value < 0x20 ? " " : $0 }))
    }

    private func file(_ path: String) -> Result<String, Failure> {
        let file: SmallFile
        do throws(SmallFile.Failure) {
            file = try SmallFile(path: path)
        } catch {
            return .failure(Failure(message: "names the file \"\(path)\", which \(error)"))
        }
        guard options.acceptsSharedFiles || !file.isOpenToOthers else {
            return .failure(
                Failure(
                    message: "names the file \"\(path)\", to which others than its owner have access",
                    hint: "Run: chmod 600 \(path)"))
        }
        guard file.bytes.count <= Self.fileBytesMax else {
            return .failure(Failure(message: "names the file \"\(path)\", which is longer than 64 KiB"))
        }
        guard let text = Self.line(file.bytes) else {
            return .failure(Failure(message: "names the file \"\(path)\", which is not UTF-8"))
        }
        return .success(text)
    }

    private func output(of command: String) -> Result<String, Failure> {
        guard let limit = options.commands.limit else {
            return .failure(
                Failure(
                    message: "names a command, and commands are not allowed",
                    hint: "A program allows them by RegistryOptions.commands."))
        }
        guard let words = options.commands.usesShell ? ["/bin/sh", "-c", command] : CommandRun.words(of: command) else {
            return .failure(
                Failure(message: "names a command that is empty, or has a quotation mark that is not closed"))
        }
        do throws(CommandRun.Failure) {
            guard let text = Self.line(try CommandRun(words: words, limit: limit).output()) else {
                return .failure(Failure(message: "names a command whose output is not UTF-8"))
            }
            return .success(text)
        } catch {
            return .failure(Failure(message: "names a command that \(error.description)"))
        }
    }

    /// A file's or command's text without the ends of lines at its end.
    private static func line(_ bytes: [UInt8]) -> String? {
        var bytes = bytes[...]
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Everything but letters, digits and the four marks that no URL gives a meaning.
    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
