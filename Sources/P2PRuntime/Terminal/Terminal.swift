internal import Glibc
internal import Synchronization

/// What stands behind a descriptor where people look.
package enum Terminal {
    /// Its columns; nil when it has none, or does not say.
    package static func width(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    // MARK: Keys

    private struct Taken {
        let descriptor: Int32
        let before: termios
    }

    private static let taken = Mutex<Taken?>(nil)

    /// From now on keys come one by one and are not shown; false where that is not possible. To be called again after
    /// a pause: the shell may have changed it. It is undone when the program ends, too.
    package static func takeKeys(_ descriptor: Int32) -> Bool {
        taken.withLock { taken in
            var mode = termios()
            guard tcgetattr(descriptor, &mode) == 0 else { return false }
            let lineByLine = tcflag_t(ICANON | ECHO | IEXTEN)
            guard mode.c_lflag & lineByLine != 0 else { return true }
            if taken == nil {
                taken = Taken(descriptor: descriptor, before: mode)
                atexit { Terminal.giveKeysBack() }
            }
            mode.c_lflag &= ~lineByLine
            return tcsetattr(descriptor, TCSADRAIN, &mode) == 0
        }
    }

    /// Leaves the terminal as it was found.
    package static func giveKeysBack() {
        taken.withLock { taken in
            guard var mode = taken?.before, let descriptor = taken?.descriptor else { return }
            taken = nil
            tcsetattr(descriptor, TCSADRAIN, &mode)
        }
    }
}
