internal import Glibc
internal import P2PRuntime

/// A stock program of the machine that tests our side from outside.
package enum Tool: String, CaseIterable, Sendable {
    case redisCLI = "redis-cli"
    case redisBenchmark = "redis-benchmark"
    case redisServer = "redis-server"
    case netcat = "nc"
    case curl
    case wget
    case aria2 = "aria2c"
    case chromium
    case python = "python3"
    case mpv
    case bash
    case zsh
    case fish
    case systemdAnalyze = "systemd-analyze"
    case ffmpeg
    case lineBuffer = "stdbuf"
    case openssl

    package var path: String { "/usr/bin/\(rawValue)" }
    package var isInstalled: Bool { access(path, X_OK) == 0 }

    /// Whether the system's Python has the Redis client library, and the BitTorrent one.
    package static let hasRedisPy = canImport("redis")
    package static let hasLibtorrent = canImport("libtorrent")

    private static func canImport(_ module: String) -> Bool {
        guard Tool.python.isInstalled else { return false }
        return (try? ChildProcess.run(Tool.python.path, ["-c", "import \(module)"]).code) == 0
    }

    /// Processors that we may run on.
    package static let usableProcessors = Process.usableProcessors

    /// Whether what takes long is wanted, too: `scripts/test --long`.
    package static let isLongRun = getenv("ROOKERY_LONG").map { String(cString: $0) } == "1"
}
