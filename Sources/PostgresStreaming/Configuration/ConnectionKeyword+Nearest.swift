extension ConnectionKeyword {
    /// The known keyword that is written most like `name`; nil where none comes near.
    static func nearest(to name: String) -> ConnectionKeyword? {
        let written = Array(name.lowercased().replacing("-", with: "_").utf8)
        guard written.count <= lengthMax else { return nil }
        if let meant = otherNames[String(decoding: written, as: UTF8.self)] { return meant }
        let best = all.map { (keyword: $0, distance: distance(Array($0.rawValue.utf8), written)) }
            .min { $0.distance < $1.distance }
        guard let best, best.distance <= max(2, written.count / 2) else { return nil }
        return best.keyword
    }

    private static let lengthMax = 64

    /// What other clients call them.
    private static let otherNames: [String: ConnectionKeyword] = [
        "database": .dbname, "db": .dbname, "username": .user, "user_name": .user, "login": .user, "pass": .password,
        "pwd": .password, "server": .host, "hostname": .host, "timeout": .connectTimeout, "ssl": .sslmode,
        "tls": .sslmode, "encoding": .clientEncoding, "charset": .clientEncoding, "role": .options,
    ]

    /// The count of letters to insert, remove or replace (Levenshtein), with the names' separators counted as letters.
    private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var row = Array(0...second.count)
        for (index, letter) in first.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in second.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[second.count]
    }
}
