internal import Glibc

/// A stock program of the machine that tests our side from outside.
package enum Tool: String, CaseIterable, Sendable {
    case redisCLI = "redis-cli"
    case redisBenchmark = "redis-benchmark"
    case redisServer = "redis-server"
    case netcat = "nc"
    case curl
    case python = "python3"
    case lineBuffer = "stdbuf"

    package var path: String { "/usr/bin/\(rawValue)" }
    package var isInstalled: Bool { access(path, X_OK) == 0 }

    /// Whether the system's Python has the Redis client library.
    package static let hasRedisPy: Bool = {
        guard Tool.python.isInstalled else { return false }
        return (try? ChildProcess.run(Tool.python.path, ["-c", "import redis"]).code) == 0
    }()
}
