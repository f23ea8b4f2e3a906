internal import CLinux

/// An open file that several may hold; closed with the last of them.
package final class OpenFile: Sendable {
    package let descriptor: Descriptor
    /// The disk that it lies on; nil for one that lies in memory.
    package let device: UInt64?

    /// Asks the file system what the file is: may block where the disk does not answer.
    package init(_ descriptor: consuming Descriptor) {
        let isInMemory = clinux_is_in_memory(descriptor.raw) == 1
        device = isInMemory ? nil : (try? descriptor.status())?.identity.device ?? 0
        self.descriptor = descriptor
    }
}
