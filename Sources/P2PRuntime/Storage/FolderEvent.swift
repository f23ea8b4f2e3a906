internal import CLinux
internal import Glibc
package import P2PProtocol

/// Something that happened in a watched folder, as the kernel tells it (inotify(7)).
package struct FolderEvent: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// A name is new: a file that somebody will write to, a folder, or a further name of a file.
        case created
        /// A file that was open for writing has been closed.
        case closed
        /// A date or the rights are others.
        case touched
        case deleted
        /// A name went away; an event with the same cookie says where to, if that is watched too.
        case movedFrom(cookie: UInt32)
        case movedTo(cookie: UInt32)
        /// The folder is gone, or its file system: nothing more will be told of it.
        case ended
        /// Events were lost: nobody knows of which folders.
        case lost
    }

    /// Which folder: the number that watching it gave; -1 where events were lost.
    package let watch: Int32
    package let kind: Kind
    /// Whether it happened to a folder in that folder, not to a file.
    package let isFolder: Bool
    /// What it happened to; empty for the watched folder itself.
    package let name: Bytes

    /// An event as a test or the parser makes it.
    package init(watch: Int32, _ kind: Kind, isFolder: Bool = false, name: Bytes = []) {
        (self.watch, self.kind, self.isFolder, self.name) = (watch, kind, isFolder, name)
    }

    /// The whole events at the front of what was read; an event that is cut off is left out, like those that say
    /// nothing of interest.
    package static func parse(_ bytes: UnsafeRawBufferPointer) -> [FolderEvent] {
        var events: [FolderEvent] = []
        var start = 0
        while bytes.count - start >= headBytes {
            let length = Int(bytes.loadUnaligned(fromByteOffset: start + 12, as: UInt32.self))
            let nameStart = start + headBytes
            guard length <= bytes.count - nameStart else { break }
            // The kernel fills names up with NULs.
            let name = Bytes(bytes[nameStart..<nameStart + length].prefix { $0 != 0 })
            let mask = bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self)
            let cookie = bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt32.self)
            if let kind = Kind(mask: mask, cookie: cookie) {
                let watch = bytes.loadUnaligned(fromByteOffset: start, as: Int32.self)
                events.append(
                    FolderEvent(watch: watch, kind, isFolder: mask & UInt32(IN_ISDIR) != 0, name: name))
            }
            start = nameStart + length
        }
        return events
    }

    /// A watch, a mask, a cookie and a length, of 32 bits each.
    private static let headBytes = 16
}

extension FolderEvent.Kind {
    /// What a watch is to tell. Single writes are not in it: a busy file would wake us for each.
    static let mask = UInt32(
        IN_CREATE | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)

    fileprivate init?(mask: UInt32, cookie: UInt32) {
        func has(_ bit: Int) -> Bool { mask & UInt32(bit) != 0 }
        if has(Int(IN_Q_OVERFLOW)) {
            self = .lost
        } else if has(Int(IN_IGNORED)) {
            self = .ended
        } else if has(Int(IN_CREATE)) {
            self = .created
        } else if has(Int(IN_CLOSE_WRITE)) {
            self = .closed
        } else if has(Int(IN_ATTRIB)) {
            self = .touched
        } else if has(Int(IN_DELETE)) {
            self = .deleted
        } else if has(Int(IN_MOVED_FROM)) {
            self = .movedFrom(cookie: cookie)
        } else if has(Int(IN_MOVED_TO)) {
            self = .movedTo(cookie: cookie)
        } else {
            return nil
        }
    }
}
