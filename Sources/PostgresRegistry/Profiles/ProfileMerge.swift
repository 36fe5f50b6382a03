import PostgresStreaming

/// Merges the layers of one connection: of two settings with the same key the one of the higher layer counts.
///
/// A URL counts as a key of its own. Then its parts are compared with the keys: a key replaces a part of a URL of its own
/// layer or a lower one, and a part replaces keys of lower layers. A host takes its address and port along: where a higher
/// layer gives another host, what belonged to the host before is gone.
struct ProfileMerge {
    private struct Winner {
        var setting: Setting
        var layer: Int
        var overridden: [Setting]
    }

    private var winners: [String: Winner] = [:]
    private(set) var values: [String: ProfileValue] = [:]

    /// Merges layers, the lowest first.
    init(_ layers: [[Setting]], _ interpolator: inout Interpolator, _ problems: inout ProblemList) {
        for (index, layer) in layers.enumerated() { take(layer, index) }
        if let url = winners.removeValue(forKey: "url") { takeParts(of: url, &interpolator, &problems) }
        for (key, winner) in winners {
            guard let text = Self.resolve(winner.setting, &interpolator, &problems) else { continue }
            values[key] = ProfileValue(winner.setting, text, overridden: winner.overridden)
        }
    }

    private mutating func take(_ layer: [Setting], _ index: Int) {
        let keys = Set(layer.map(\.key))
        if keys.contains("ssh") {
            winners = winners.filter { !$0.key.hasPrefix("ssh.") }
        }
        if keys.contains("host"), !keys.contains("hostaddr") { winners["hostaddr"] = nil }
        for setting in layer where setting.key != "ssh" {
            let before = winners[setting.key]
            winners[setting.key] = Winner(
                setting: setting, layer: index,
                overridden: (before?.overridden ?? []) + [before?.setting].compactMap { $0 })
        }
    }

    /// Takes a URL apart where it stands, with the references filled in.
    private mutating func takeParts(
        of url: Winner, _ interpolator: inout Interpolator, _ problems: inout ProblemList
    ) {
        guard let resolved = Self.resolve(url.setting, &interpolator, &problems) else { return }
        let parts: [ConnectionKeyword: String]
        do throws(PostgresError) {
            guard resolved.text.contains("://") else {
                problems.add(
                    "value of \"url\" is no URL", hint: "Write postgres://user@host:port/database.",
                    at: url.setting.place)
                return
            }
            parts = try ConnectionString(resolved.text).values
        } catch {
            problems.add("value of \"url\" is no URL: \(error.message)", hint: error.hint, at: url.setting.place)
            return
        }
        if parts[.host] != nil || parts[.hostaddr] != nil {
            for key in ["host", "hostaddr", "port"] where winners[key].map({ $0.layer < url.layer }) == true {
                winners[key] = nil
            }
        }
        let replacesHost = winners["host"] != nil
        for (keyword, text) in parts where !(keyword == .hostaddr && replacesHost) {
            let key = keyword.rawValue
            if let winner = winners[key], winner.layer >= url.layer {
                winners[key]?.overridden.append(url.setting)
                continue
            }
            let lower = winners.removeValue(forKey: key)
            var part = resolved
            part.text = text
            values[key] = ProfileValue(
                url.setting, part, as: key,
                overridden: url.overridden + [lower?.setting].compactMap { $0 })
        }
    }

    private static func resolve(
        _ setting: Setting, _ interpolator: inout Interpolator, _ problems: inout ProblemList
    ) -> ResolvedText? {
        guard setting.layer != .callSite else { return ResolvedText(text: setting.text) }
        do throws(Interpolator.Failure) {
            return try interpolator.resolve(
                setting.text, in: folder(of: setting), isURL: setting.key == "url")
        } catch {
            problems.add("value of \"\(setting.key)\" \(error.message)", hint: error.hint, at: setting.place)
            return nil
        }
    }

    private static func folder(of setting: Setting) -> String {
        guard let file = setting.place?.file, let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }
}
