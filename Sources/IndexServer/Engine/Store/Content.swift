internal import P2PProtocol

/// The number of a content: a file as its bytes are, whatever it is called.
package typealias ContentID = UInt32

/// What makes two entries the same content.
enum ContentIdentity: Hashable {
    /// A FILES entry: its root, and its size, so that a false size is another content.
    case hashed(Digest, size: Int)
    /// A FILES entry that is not hashed yet: findable, without a source.
    case unhashed(NameID, size: Int)
    /// A NAMES entry: its name is all that is known.
    case bare(NameID)
}

/// What is kept of one content.
struct Content {
    enum Kind: UInt8 {
        case hashed
        case unhashed
        case bare
    }

    private let sizeAndKind: UInt64
    /// The number of the root, or of the name where that is the identity.
    let key: UInt32
    /// The newest title; the others hang behind it.
    var newestTitle: TitleID = .none

    /// Sizes are below 2⁶²: the wire's limit is far less.
    init(size: Int, key: UInt32, kind: Kind) {
        sizeAndKind = UInt64(truncatingIfNeeded: size) << 2 | UInt64(kind.rawValue)
        self.key = key
    }

    var size: Int { Int(sizeAndKind >> 2) }

    var kind: Kind { Kind(rawValue: UInt8(sizeAndKind & 3)) ?? .bare }

    /// Whether both have one identity, where that is the name.
    func isSame(as other: Content) -> Bool { sizeAndKind == other.sizeAndKind && key == other.key }
}
