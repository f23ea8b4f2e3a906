package import P2PProtocol

/// What `~/` stands for in a path.
package struct HomeFolder: Sendable {
    private let path: Bytes?

    /// The folder by its path; none when that is nil or empty.
    package init(_ path: Bytes?) { self.path = path.flatMap { $0.isEmpty ? nil : $0 } }

    /// What `HOME` says.
    package init(environment: [(name: Bytes, value: Bytes)]) {
        self.init(environment.first { $0.name == Bytes(ascii: "HOME") }?.value)
    }

    /// The path with `~` and `~/` replaced; other users' homes are not looked up.
    func expand(_ text: Bytes) throws(Misuse) -> Bytes {
        guard text.first == UInt8(ascii: "~"), text.count == 1 || text[1] == UInt8(ascii: "/") else { return text }
        guard let path else {
            throw Misuse(
                "HOME is not set, and \(String(decoding: text, as: UTF8.self)) needs it: give the folder in full")
        }
        return path + text.dropFirst()
    }
}
