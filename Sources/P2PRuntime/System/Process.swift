internal import CLinux
internal import Glibc
internal import P2PProtocol

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

    /// The processors that this process may run on.
    package static var usableProcessors: Int { Int(clinux_usable_processors()) }

    /// This process's number.
    package static var id: Int { Int(getpid()) }

    /// Memory that this process has in use, for people and for metrics.
    package static var residentBytes: Int {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = max(0, read(descriptor, &buffer, buffer.count))
        let fields = buffer[..<count].split(separator: UInt8(ascii: " "))
        guard fields.count > 1, let pages = Decimal.parse(fields[1]) else { return 0 }
        return pages.multipliedReportingOverflow(by: Int(getpagesize())).partialValue
    }

    /// Gives memory that is free back to the system: what slow readers and a flood have left behind. It takes longer the
    /// more there is.
    package static func trimMemory() { clinux_trim_memory() }

    /// What the main thread does while the loops run the program.
    package static func sleepForEver() -> Never {
        while true { pause() }
    }
}
