import Glibc
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct LoggerTests {
    @Test("what is below the level is not logged, and its fields are not even made")
    func level() {
        let logger = Logger(level: .warning, sinks: [LogSink(descriptor: -1)])
        var made = 0
        func fields() -> LogFields {
            made += 1
            return [:]
        }
        logger.info("x", fields())
        #expect(made == 0)
        logger.level = .info
        logger.info("x", fields())
        logger.debug("x", fields())
        #expect(made == 1)
    }

    @Test("the file is made with its folders, appended to, and opened anew on request")
    func file() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/a/b/x.log"
        let logger = try Logger(level: .info, file: Array(path.utf8), onStandardError: false)
        logger.info("first.one")
        logger.flush()
        #expect(events(in: path) == ["first.one"])
        rename(path, path + ".1")
        logger.info("second.one")
        logger.flush()
        logger.reopen()
        logger.info("third.one")
        logger.flush()
        #expect(events(in: path + ".1") == ["first.one", "second.one"])
        #expect(events(in: path) == ["third.one"])
        var status = stat()
        stat(path, &status)
        #expect(status.st_mode & 0o137 == 0)
    }

    @Test("a file that cannot be opened is an error with its name")
    func unopenable() {
        #expect(throws: SystemError("open", ENOTDIR, on: "/dev/null/x.log")) {
            try Logger(level: .info, file: Bytes(ascii: "/dev/null/x.log"), onStandardError: false)
        }
    }

    @Test("a reader that stalls costs lines, which are counted, and no time [fault F45]")
    func stalledReader() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let stuffing = Bytes(repeating: UInt8(ascii: "."), count: 65_535) + [UInt8(ascii: "\n")]
        try #require(write(ends[1], stuffing, stuffing.count) == stuffing.count)

        let logger = Logger(level: .info, sinks: [LogSink(descriptor: ends[1], capacity: 4_096)])
        for number in 0..<1_000 { logger.info("line.sent", ["number": number]) }
        #expect(reading(ends[0], until: { $0.contains("log.dropped") }).contains("line.sent number=0\n"))
        close(ends[0])
    }

    @Test("a log that cannot be written to harms nobody [fault F45]")
    func fullDisk() throws {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        let sink = LogSink(descriptor: full)
        Logger(level: .info, sinks: [sink]).error("disk.full")
        #expect(sink.flush())
    }

    private func events(in path: String) -> [String] {
        (ScratchFolder.read(path) ?? []).split(separator: UInt8(ascii: "\n")).map { line in
            String(decoding: line.split(separator: UInt8(ascii: " "))[2], as: UTF8.self)
        }
    }

    private func reading(_ descriptor: Int32, until isEnough: (String) -> Bool) -> String {
        var text = ""
        var buffer = Bytes(repeating: 0, count: 65_536)
        while !isEnough(text) {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        return text
    }
}
