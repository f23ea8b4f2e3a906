package import P2PProtocol

/// Where a running program can be told what to do by others of its user.
package enum ControlSocket {
    /// In the state folder, or, where its path is too long for a socket, in the folder that the system has for such
    /// things; nil when it has none.
    package static func path(for state: Bytes, runtimeFolder: String? = Process.environment("XDG_RUNTIME_DIR"))
        -> Bytes?
    {
        let state = (try? Path.resolved(state)) ?? state
        let path = Path.join(state, Bytes(ascii: "control.sock"))
        if path.count <= Socket.longestPath { return path }
        guard let runtimeFolder, runtimeFolder.hasPrefix("/") else { return nil }
        let name = Bytes(ascii: "rookery-") + SHA256.hash(state).hex.prefix(32) + Bytes(ascii: ".sock")
        let other = Path.join(Bytes(runtimeFolder.utf8), name)
        return other.count <= Socket.longestPath ? other : nil
    }
}
