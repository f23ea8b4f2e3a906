/// One thing that can be configured: the row from which the file, the environment, the flags, `--print-config` and
/// the documentation are all made.
package struct Setting: Equatable, Sendable {
    /// Where it stands in the file: `index.limits.files`.
    package let path: String
    package let kind: SettingKind
    /// What it is when nobody says anything.
    package let builtIn: SettingValue
    /// One line that says what it does.
    package let purpose: String

    /// A row of the table.
    package init(_ path: String, _ kind: SettingKind, _ builtIn: SettingValue, _ purpose: String) {
        self.path = path
        self.kind = kind
        self.builtIn = builtIn
        self.purpose = purpose
    }

    /// Its variable: `index.limits.countLoopback` is `ROOKERY_INDEX_LIMITS_COUNT_LOOPBACK`.
    package var environmentName: String {
        var name = "ROOKERY_"
        var isWord = false
        for character in path {
            // `oldestTLS` has two words.
            if character.isUppercase, isWord { name += "_" }
            isWord = !character.isUppercase && character != "."
            name += character == "." ? "_" : character.uppercased()
        }
        return name
    }

    /// Every setting of both programs, in the order of the file.
    package static let all = IndexSettings.all + PeerSettings.all
}
