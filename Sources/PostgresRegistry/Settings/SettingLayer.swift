/// Where a setting stands in the order of precedence: what comes later here counts for less.
enum SettingLayer: Sendable, Hashable {
    /// The call that asks for the client.
    case callSite
    /// An entry's overlay of an environment.
    case overlay(String)
    /// The entry itself.
    case entry
    /// A template, as an environment's overlay changes it where that is named.
    case template(String, environment: String?)
}

/// One setting of an entry, a template or an overlay as it was written.
struct Setting: Sendable, Hashable {
    /// The key with its section, such as `dbname` or `pool.connections_max`.
    let key: String
    /// The text as it was written, references included.
    let text: String
    /// Where the value stands; nil for what a call gives.
    let place: RegistryPlace?
    let layer: SettingLayer
    /// Whether the file that it is in may be read by others than its owner.
    let isOpenToOthers: Bool

    init(key: String, text: String, place: RegistryPlace?, layer: SettingLayer, isOpenToOthers: Bool = false) {
        self.key = key
        self.text = text
        self.place = place
        self.layer = layer
        self.isOpenToOthers = isOpenToOthers
    }
}
