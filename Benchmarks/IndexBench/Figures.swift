import CTestSupport
import Glibc
import P2PRuntime

/// What the machine says of this process.
enum Figures {
    /// Processor time spent so far: waiting for a busy neighbour is not in it.
    static var processorTime: Moment {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Moment(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Bytes of memory in use, after what is free has gone back to the system.
    static var residentBytes: Int {
        malloc_trim(0)
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var (all, resident) = (0, 0)
        withUnsafeMutablePointer(to: &all) { all in
            withUnsafeMutablePointer(to: &resident) { resident in
                _ = withVaList([all, resident]) { vfscanf(file, "%ld %ld", $0) }
            }
        }
        return resident * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Seconds of processor time that `body` took.
    static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let start = processorTime
        try body()
        return processorTime.since(start).inSeconds
    }

    /// What asking for the time costs itself, in microseconds.
    static let clockCost: Double = {
        let costs = (0..<2_001).map { _ in seconds {} * 1e6 }.sorted()
        return costs[costs.count / 2]
    }()
}

/// Times of one kind of work, in microseconds.
struct Times {
    private var all: [Double] = []

    mutating func measure(_ body: () throws -> Void) rethrows {
        all.append(max(0, try Figures.seconds(body) * 1e6 - Figures.clockCost))
    }

    /// The value below which so many of a hundred are.
    func percentile(_ part: Int) -> Double {
        let sorted = all.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * part / 100)]
    }
}
