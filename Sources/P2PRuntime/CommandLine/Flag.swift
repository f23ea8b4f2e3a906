/// A flag of a command line: `--port P`.
package struct Flag: Equatable, Sendable {
    /// With its dashes, as it is typed and looked up.
    package let name: String
    /// What stands for its value in the help; nil when it takes none.
    package let placeholder: String?
    /// A few words that say what it does.
    package let purpose: String
    /// Whether each further one adds to the others, instead of replacing them.
    package let isRepeated: Bool
    /// What it overrides.
    package let setting: Setting?

    /// A flag that is its verb's own matter.
    package init(_ name: String, taking placeholder: String? = nil, _ purpose: String, isRepeated: Bool = false) {
        self.init(name: name, placeholder: placeholder, purpose: purpose, isRepeated: isRepeated, setting: nil)
    }

    /// A flag that overrides a setting.
    package init(_ name: String, taking placeholder: String? = nil, _ purpose: String, sets setting: Setting) {
        self.init(
            name: name, placeholder: placeholder, purpose: purpose, isRepeated: setting.kind.isList, setting: setting)
    }

    private init(name: String, placeholder: String?, purpose: String, isRepeated: Bool, setting: Setting?) {
        self.name = name
        self.placeholder = placeholder
        self.purpose = purpose
        self.isRepeated = isRepeated
        self.setting = setting
    }
}

extension Flag {
    /// Flags that mean the same everywhere.
    package static let help = Flag("--help", "this text")
    package static let version = Flag("--version", "the version")
    package static let config = Flag("--config", taking: "F", "configuration file [./config.json]")
    package static let printConfig = Flag("--print-config", "print the configuration in force")
}
