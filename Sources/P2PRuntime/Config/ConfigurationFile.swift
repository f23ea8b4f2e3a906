internal import Glibc
package import P2PProtocol

/// The text of a configuration file. It is only ever read.
package struct ConfigurationFile: Sendable {
    /// Its path, as it is shown in messages.
    package let place: String
    package let text: Bytes

    /// Text that was read already.
    package init(place: String, text: Bytes) {
        self.place = place
        self.text = text
    }

    /// The file that was asked for, else `./config.json`, else none.
    package static func find(_ path: Bytes?) throws(Misuse) -> ConfigurationFile? {
        guard let path else { return try read(Bytes(ascii: "config.json"), isOptional: true) }
        return try read(path, isOptional: false)
    }

    private static func read(_ path: Bytes, isOptional: Bool) throws(Misuse) -> ConfigurationFile? {
        let place = Misuse.shown(path)
        do throws(SystemError) {
            let file = try Descriptor.open(path, O_RDONLY)
            guard try file.status().kind == .file else { throw SystemError("open", EISDIR, on: place) }
            var text = Bytes(repeating: 0, count: Limits.standard.configurationBytes + 1)
            let count = try text.withUnsafeMutableBufferPointer { (buffer) throws(SystemError) in
                try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: 0)
            }
            return ConfigurationFile(place: place, text: Bytes(text.prefix(count)))
        } catch {
            if isOptional, error.code == ENOENT { return nil }
            throw Misuse("\(place): cannot read the configuration: \(error.reason)")
        }
    }

    /// The document; what is wrong with it is said with its line.
    func parse() throws(Misuse) -> [JSON.Member] {
        guard text.count <= Limits.standard.configurationBytes else {
            throw Misuse("\(place): longer than \(Limits.standard.configurationBytes) bytes: this is no configuration")
        }
        guard !text.starts(with: [0xEF, 0xBB, 0xBF]) else {
            throw Misuse("\(place):1: begins with a byte order mark; save it as UTF-8 without one")
        }
        do throws(JSONError) {
            if let members = try JSON.parse(text).members { return members }
        } catch {
            throw Misuse("\(place):\(error.line): column \(error.column): \(error.message)")
        }
        throw Misuse("\(place):1: expected an object with the sections \"index\" and \"peer\"")
    }

    /// Where the document's `number`th key stands, counted from 0 in reading order: `config.json:12`. Only for text
    /// that `parse` accepted: there, a colon outside a string follows a key.
    func place(ofKey number: Int) -> String {
        var line = 1
        var keyLine = 1
        var keysBefore = 0
        var isInString = false
        var isEscaped = false
        for byte in text {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "\""):
                isInString.toggle()
                keyLine = line
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: ":") where !isInString:
                if keysBefore == number { return "\(place):\(keyLine)" }
                keysBefore += 1
            default: break
            }
        }
        return place
    }
}
