internal import Glibc

/// What concerns the whole process.
package enum Process {
    /// Raises the limit of open descriptors to what the system allows; returns it.
    @discardableResult
    package static func raiseDescriptorLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }

    /// Ends the program now. Output that matters has been flushed by the caller.
    package static func exit(_ code: Int32) -> Never {
        fflush(nil)
        Glibc.exit(code)
    }

    package static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
