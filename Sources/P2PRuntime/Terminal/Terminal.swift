internal import Glibc

/// What stands behind a descriptor where people look.
package enum Terminal {
    /// Its columns; nil when it has none, or does not say.
    package static func width(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
