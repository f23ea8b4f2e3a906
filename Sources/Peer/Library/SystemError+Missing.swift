internal import Glibc
internal import P2PRuntime

extension SystemError {
    /// Whether it says that nothing is there, or a link or folder where a file was; anything else may pass.
    var meansMissing: Bool { [ENOENT, ENOTDIR, ELOOP, EINVAL, EXDEV].contains(code) }

    /// Whether the file is there and may not be read.
    var meansForbidden: Bool { [EACCES, EPERM].contains(code) }
}
