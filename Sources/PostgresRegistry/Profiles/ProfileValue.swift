/// The value of one key of a connection, with where it comes from.
struct ProfileValue: Sendable {
    /// The key with its section, such as `dbname` or `pool.idle_timeout`.
    let key: String
    let text: Secret
    /// Whether the value is never shown.
    let isHidden: Bool
    /// What was written.
    let setting: Setting
    /// The references that it was filled in from, as they are shown.
    let references: [String]
    /// What was written as well and counts for less.
    var overridden: [Setting]

    init(_ setting: Setting, _ resolved: ResolvedText, as key: String? = nil, overridden: [Setting]) {
        self.key = key ?? setting.key
        text = Secret(resolved.text)
        isHidden = resolved.isHidden || SettingKey.isSecret(self.key)
        self.setting = setting
        references = resolved.references
        self.overridden = overridden
    }
}
