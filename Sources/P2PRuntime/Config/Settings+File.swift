package import P2PProtocol

extension Settings {
    /// What the file says over what is built in. A key that no setting has is refused, whichever program it is for.
    package init(file: ConfigurationFile?) throws(Misuse) {
        self.init()
        guard let file else { return }
        var keys = 0
        try apply(try file.parse(), below: "", of: file, &keys)
    }

    /// Takes an object's members; `keys` counts them in reading order, which is how a place is found again.
    private mutating func apply(
        _ members: [JSON.Member], below prefix: String, of file: ConfigurationFile, _ keys: inout Int
    ) throws(Misuse) {
        for member in members {
            let path = prefix + String(decoding: member.key, as: UTF8.self)
            let key = keys
            keys += 1
            if let setting = Setting.all.first(where: { $0.path == path }) {
                try set(
                    setting, to: setting.kind.value(of: member.value), by: .file,
                    at: "\(file.place(ofKey: key)): \(path)", given: Self.shown(member.value))
            } else if !Setting.sections.contains(path) {
                let fault = Suggestion.unknown(
                    "setting", Array(path.utf8), among: Setting.all.map(\.path) + Setting.sections)
                throw Misuse("\(file.place(ofKey: key)): \(fault)")
            } else if case .object(let inner) = member.value {
                try apply(inner, below: path + ".", of: file, &keys)
            } else {
                throw Misuse(
                    "\(file.place(ofKey: key)): \(path): expected an object, not \(Self.shown(member.value))")
            }
        }
    }

    /// The value as it stands in the file, when it is not too long to repeat.
    private static func shown(_ value: JSON) -> String {
        let text = value.encoded()
        return text.count <= 100 ? String(decoding: text, as: UTF8.self) : "this"
    }
}

extension Settings {
    /// The configuration in force as a complete file.
    package var document: Bytes {
        JSON.object(members(of: Setting.all[...], below: "")).encoded(isPretty: true) + [UInt8(ascii: "\n")]
    }

    /// The members of one object, of settings that all begin with `prefix` and stand together by section.
    private func members(of settings: ArraySlice<Setting>, below prefix: String) -> [JSON.Member] {
        var members: [JSON.Member] = []
        var rest = settings
        while let setting = rest.first {
            let name = setting.path.dropFirst(prefix.count).prefix { $0 != "." }
            let path = prefix + name
            if path == setting.path {
                members.append(JSON.Member(Array(name.utf8), setting.kind.json(value(of: setting))))
                rest.removeFirst()
            } else {
                let section = rest.prefix { $0.path.hasPrefix(path + ".") }
                members.append(JSON.Member(Array(name.utf8), .object(self.members(of: section, below: path + "."))))
                rest = rest.dropFirst(section.count)
            }
        }
        return members
    }
}

extension SettingKind {
    /// The value behind a JSON value; nil when it is of another type.
    fileprivate func value(of json: JSON) -> SettingValue? {
        switch (self, json) {
        case (_, .bool(let flag)): .flag(flag)
        case (.ports, .integer(let port)): .text(Array("\(port)".utf8))
        case (_, .integer(let number)): .integer(number)
        case (.byteSize, .string(let text)): ByteSize.parse(text).map { .integer($0) }
        case (_, .string(let text)): .text(text)
        case (_, .array(let elements)):
            elements.allSatisfy { $0.string != nil } ? .list(elements.compactMap(\.string)) : nil
        default: nil
        }
    }

    fileprivate func json(_ value: SettingValue) -> JSON {
        switch value {
        case .integer(let number):
            self.isByteSize && number > 0 && number.isMultiple(of: 1_024)
                ? .text(ByteSize.text(number)) : .integer(number)
        case .flag(let flag): .bool(flag)
        case .text(let text): .string(text)
        case .list(let elements): .array(elements.map { .string($0) })
        }
    }

    private var isByteSize: Bool {
        if case .byteSize = self { true } else { false }
    }
}

extension Setting {
    /// `index`, `peer` and what is nested in them.
    fileprivate static var sections: [String] {
        all.compactMap { setting in setting.path.lastIndex(of: ".").map { String(setting.path[..<$0]) } }
    }
}
