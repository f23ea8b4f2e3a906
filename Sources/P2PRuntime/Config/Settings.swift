package import P2PProtocol

/// The value of every setting, and where it came from: defaults < file < environment < flags, and then what an
/// administrator changes while the program runs.
package struct Settings: Sendable {
    /// Who said it. Later ones win over earlier ones.
    package enum Layer: Int, Comparable, Sendable {
        case builtIn
        case file
        case environment
        case flags
        case administrator

        package static func < (left: Layer, right: Layer) -> Bool { left.rawValue < right.rawValue }
    }

    private struct Entry {
        let value: SettingValue
        let layer: Layer
    }

    private var entries: [String: Entry] = [:]

    /// The built-in values.
    package init() {}

    /// The value in force.
    package func value(of setting: Setting) -> SettingValue {
        entries[setting.path]?.value ?? setting.builtIn
    }

    /// Who set it.
    package func layer(of setting: Setting) -> Layer {
        entries[setting.path]?.layer ?? .builtIn
    }

    /// Sets what is of the setting's kind and within its range; `place` and the expectation are named otherwise.
    mutating func set(
        _ setting: Setting, to value: SettingValue?, by layer: Layer, at place: String, given: String
    ) throws(Misuse) {
        guard let value = value.flatMap(setting.kind.accepted) else {
            throw Misuse("\(place): expected \(setting.kind.expectation), not \(given)")
        }
        entries[setting.path] = Entry(value: value, layer: layer)
    }
}

extension Settings {
    /// Takes the variables that begin like ours; one that no setting has is refused.
    package mutating func apply(environment: [(name: Bytes, value: Bytes)]) throws(Misuse) {
        for (variable, value) in environment {
            let name = String(decoding: variable, as: UTF8.self)
            guard name.hasPrefix("ROOKERY_INDEX_") || name.hasPrefix("ROOKERY_PEER_") else { continue }
            guard let setting = Setting.all.first(where: { $0.environmentName == name }) else {
                throw Misuse(Suggestion.unknown("variable", variable, among: Setting.all.map(\.environmentName)))
            }
            try set(
                setting, to: setting.kind.value(ofText: value), by: .environment, at: name, given: Misuse.shown(value))
        }
    }

    /// Changes a setting while the program runs.
    package mutating func change(_ setting: Setting, to text: Bytes) throws(Misuse) {
        try set(
            setting, to: setting.kind.value(ofText: text), by: .administrator, at: setting.path,
            given: Misuse.shown(text))
    }

    /// Takes a flag with all the values that it was given; one that is no list takes the last.
    package mutating func apply(flag: String, for setting: Setting, values: [Bytes]) throws(Misuse) {
        guard let last = values.last else {
            return try set(setting, to: .flag(true), by: .flags, at: flag, given: "nothing")
        }
        let value = setting.kind.isList ? .list(values) : setting.kind.value(ofText: last)
        try set(
            setting, to: value, by: .flags, at: flag,
            given: Misuse.shown(Bytes(values.joined(separator: [UInt8(ascii: ",")]))))
    }
}

// MARK: - Typed reading

extension Settings {
    // A setting's kind decides its value's case, and `set` lets no other in: the last words are never reached.

    /// A number, seconds or bytes.
    package func integer(_ setting: Setting) -> Int {
        if case .integer(let number) = value(of: setting) { number } else { 0 }
    }

    /// True or false.
    package func flag(_ setting: Setting) -> Bool {
        value(of: setting) == .flag(true)
    }

    /// Text or a path, byte for byte.
    package func bytes(_ setting: Setting) -> Bytes {
        if case .text(let text) = value(of: setting) { text } else { [] }
    }

    /// Text of which only ASCII is accepted: a choice, an address, ports.
    package func text(_ setting: Setting) -> String {
        String(decoding: bytes(setting), as: UTF8.self)
    }

    /// The elements of a list.
    package func list(_ setting: Setting) -> [Bytes] {
        if case .list(let elements) = value(of: setting) { elements } else { [] }
    }
}
