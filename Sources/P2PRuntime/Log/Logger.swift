internal import Glibc
package import P2PProtocol
internal import Synchronization

/// Where a program says what happens. Cheap when the level is off (one relaxed load; the fields are not even made),
/// and never waits for a disk or a terminal when it is on.
package final class Logger: Sendable {
    private let threshold: Atomic<Int>
    private let sinks: [LogSink]

    /// A logger for places that are open already.
    package init(level: LogLevel, sinks: [LogSink]) {
        threshold = Atomic(level.rawValue)
        self.sinks = sinks
    }

    /// Lines on standard error, in a file, or both.
    package convenience init(level: LogLevel, file: Bytes? = nil, onStandardError: Bool = true) throws(SystemError) {
        var sinks: [LogSink] = []
        if onStandardError { sinks.append(LogSink(descriptor: STDERR_FILENO)) }
        if let file { sinks.append(try LogSink(path: file)) }
        self.init(level: level, sinks: sinks)
    }

    /// A logger that says nothing.
    package static let silent = Logger(level: .error, sinks: [])

    /// What is less than this is not logged. May be changed while the program runs.
    package var level: LogLevel {
        get { LogLevel(rawValue: threshold.load(ordering: .relaxed)) ?? .info }
        set { threshold.store(newValue.rawValue, ordering: .relaxed) }
    }

    /// Logs an event: its constant name (`peer.registered`) and what is to be said about it.
    package func log(_ level: LogLevel, _ event: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        guard level.rawValue >= threshold.load(ordering: .relaxed), !sinks.isEmpty else { return }
        let line = LogLine.render(.now, level, event, fields())
        for sink in sinks { sink.append(line) }
    }

    /// Opens the log file anew (SIGHUP), so that a rotated one is let go.
    package func reopen() {
        for sink in sinks { sink.reopen() }
    }

    /// Waits until everything is written, for a second at most: the last thing before the program ends.
    package func flush() {
        for sink in sinks { sink.flush() }
    }

    deinit {
        for sink in sinks { sink.close() }
    }
}

extension Logger {
    /// An operator must act.
    package func error(_ event: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.error, event, fields())
    }

    /// Something is wrong, and the program copes.
    package func warning(_ event: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.warning, event, fields())
    }

    /// The program's life cycle.
    package func notice(_ event: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.notice, event, fields())
    }

    /// What users do.
    package func info(_ event: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.info, event, fields())
    }

    /// One connection.
    package func debug(_ event: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.debug, event, fields())
    }

    /// One message.
    package func trace(_ event: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.trace, event, fields())
    }
}
