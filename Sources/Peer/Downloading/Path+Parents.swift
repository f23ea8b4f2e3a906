internal import P2PProtocol
internal import P2PRuntime

extension Path {
    /// The folders that a relative path leads through, the deepest first, and `.` above them: any of them may be new.
    static func parents(of path: Bytes) -> [Bytes] {
        var parents: [Bytes] = []
        var end = path.endIndex
        while let slash = path[..<end].lastIndex(of: UInt8(ascii: "/")), slash > 0 {
            parents.append(Bytes(path[..<slash]))
            end = slash
        }
        return parents + [Bytes(ascii: ".")]
    }
}
