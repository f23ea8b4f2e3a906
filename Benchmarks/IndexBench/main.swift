import P2PProtocol
import P2PRuntime
import TestSupport

let usage = """
    index-bench make-names COUNT FILE [--queries DIR]   write names, and queries of each kind for them
    index-bench FILE [--files|--names] [--offline] [--queries DIR]  measure the engine with the names of a file
    index-bench ask PORT COMMANDS                       times of the lines of a file, sent one after another
    index-bench load PORT COMMANDS CONNECTIONS SECONDS  rate of them over many connections
      --files gives each name a size and a root (the default), --names none; --offline remembers what leaves

    """

/// The value behind a flag.
func value(of flag: String, in words: [String]) -> String? {
    words.firstIndex(of: flag).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
}

func printFigure(_ key: String, _ value: Double) { StandardOutput.write("\(key)\t\(value)\n") }

func makeNames(_ count: Int, _ path: String, queries folder: String?) throws {
    var maker = NameMaker(count: count)
    let queries = QueryMaker(for: maker.vocabulary, names: count)
    try TextFile.write(path) { write in
        for place in 0..<count {
            let made = maker.next()
            queries.note(made, at: place)
            write(made.text)
        }
    }
    guard let folder else { return }
    for (kind, lines) in queries.queries() {
        try TextFile.write("\(folder)/\(kind).txt") { write in lines.forEach { write(Array($0.utf8)) } }
    }
}

let words = Process.arguments.map { String(decoding: $0, as: UTF8.self) }
let queries = value(of: "--queries", in: words)
do {
    if words.first == "make-names", words.count >= 3, let count = Int(words[1]) {
        try makeNames(count, words[2], queries: queries)
    } else if words.first == "ask", words.count == 3, let port = Int(words[1]) {
        try WireBench.ask(port: port, TextFile(words[2]), report: printFigure)
    } else if words.first == "load", words.count == 5, let port = Int(words[1]), let connections = Int(words[3]),
        let seconds = Int(words[4])
    {
        try WireBench.load(
            port: port, TextFile(words[2]), connections: connections, seconds: seconds, report: printFigure)
    } else if let path = words.first, !path.hasPrefix("-") {
        let bench = EngineBench(
            try TextFile(path), hasRoots: !words.contains("--names"), isKept: words.contains("--offline")
        ) { key, value in
            StandardOutput.write("\(key)\t\(value)\n")
        }
        try bench.run(queries: queries)
    } else {
        StandardError.write(usage)
        Process.exit(ExitCode.misuse.rawValue)
    }
} catch {
    StandardError.write("index-bench: \(error)\n")
    Process.exit(ExitCode.failed.rawValue)
}
