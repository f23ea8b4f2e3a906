package import P2PProtocol
internal import P2PRuntime

/// What somebody should know who shares more than most people mean to.
package enum ShareAdvice {
    /// nil where there is nothing to say. `home` is the user's folder.
    package static func warning(for folder: Bytes, home: Bytes?) -> String? {
        let what =
            switch folder {
            case Bytes(ascii: "/"): "everything on this machine"
            case home: "all of your home folder"
            default: nil as String?
            }
        return what.map { "\(display(folder)) is \($0): others see every file there that is not hidden" }
    }

    /// The same of the folder at a path, wherever links lead.
    static func warning(for path: Bytes) -> String? {
        let home = Process.environment("HOME").flatMap { try? Path.resolved(Bytes($0.utf8)) }
        return warning(for: (try? Path.resolved(path)) ?? path, home: home)
    }
}
