/// How a command speaks of a content: by its root, or by a name under which somebody shares it.
package enum ContentReference: Hashable, Sendable {
    case root(Digest)
    case name(Name)

    var word: Bytes {
        switch self {
        case .root(let root): root.hex
        case .name(let name): name.bytes
        }
    }
}
