import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

/// A folder on the disk that is shared, its library, and what hashes it.
struct LibraryFixture {
    let scratch: ScratchFolder
    let library: Library
    let cache: HashCache

    /// Two threads, whatever the machine has: the tests are about the order of things, not about speed.
    var hasher: LibraryHasher { LibraryHasher(library, cache: cache, threads: 2) }

    init(naming: SharedFolder.Naming = .bare) throws {
        let scratch = try ScratchFolder()
        scratch.folder("share")
        self.scratch = scratch
        library = Library([SharedFolder(Bytes(scratch.file("share").utf8), naming: naming)])
        cache = try HashCache(Bytes(scratch.file("hash.db").utf8))
    }

    /// Writes a file into the share.
    @discardableResult
    func write(_ name: String, _ content: String) throws -> String {
        try scratch.write("share/\(name)", Bytes(content.utf8))
    }

    /// The names of the library as text.
    var names: [String] { library.list().map { text($0.name) } }
}

func text(_ name: Name) -> String { String(decoding: name.bytes, as: UTF8.self) }

func name(_ text: String) throws -> Name { try Name(Bytes(text.utf8)) }

func root(of content: String) -> Digest {
    var hasher = ContentHasher()
    Bytes(content.utf8).withUnsafeBytes { hasher.update($0) }
    return hasher.finish().root
}
