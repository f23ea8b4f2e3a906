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

    let size: Int
    /// The number of the root, or of the name where that is the identity.
    let key: UInt32
    let kind: Kind
    /// The newest title; the others hang behind it.
    var firstTitle: TitleID = .none
    /// How many titles are shown: the content is found while there is one.
    var shownTitles: UInt32 = 0
    var sources = SourceLists.Reference()
    /// Peers among the sources that may be shown.
    var live: UInt32 = 0
}
