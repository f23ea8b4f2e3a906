import P2PRuntime
import Testing

@Suite struct MetricsRegistryTests {
    @Test("the page is Prometheus's text format, families in the order of registration")
    func page() {
        let registry = MetricsRegistry()
        let searches = registry.counter("rookery_index_commands_total", "Commands by name.", labels: ["name": "search"])
        let peers = registry.gauge("rookery_index_peers", "Peers in the dictionary.")
        let quits = registry.counter("rookery_index_commands_total", "Commands by name.", labels: ["name": "quit"])
        registry.gauge("rookery_index_names", "Distinct\nnames \\ contents.") { 7 }
        searches.add()
        searches.add(2)
        quits.add()
        peers.set(5)
        peers.subtract()
        #expect(
            String(decoding: registry.render(), as: UTF8.self) == """
                # HELP rookery_index_commands_total Commands by name.
                # TYPE rookery_index_commands_total counter
                rookery_index_commands_total{name="search"} 3
                rookery_index_commands_total{name="quit"} 1
                # HELP rookery_index_peers Peers in the dictionary.
                # TYPE rookery_index_peers gauge
                rookery_index_peers 4
                # HELP rookery_index_names Distinct\\nnames \\\\ contents.
                # TYPE rookery_index_names gauge
                rookery_index_names 7

                """)
    }

    @Test("label values are escaped")
    func labels() {
        let registry = MetricsRegistry()
        registry.gauge("x", "X.", labels: ["a": "say \"hi\"\n", "b": "c:\\"]) { 1 }
        #expect(String(decoding: registry.render(), as: UTF8.self).contains(#"x{a="say \"hi\"\n",b="c:\\"} 1"#))
    }

    @Test("a histogram shows cumulative buckets, sum and count")
    func histogram() {
        let registry = MetricsRegistry()
        let latency = registry.histogram("rookery_search_seconds", "Time.", labels: ["kind": "exact"])
        latency.record(.microseconds(3))
        latency.record(.milliseconds(1))
        latency.record(.seconds(86_400))
        let lines = String(decoding: registry.render(), as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(lines.count == 2 + 32 + 2)
        #expect(lines.contains(#"rookery_search_seconds_bucket{kind="exact",le="2e-06"} 0"#))
        #expect(lines.contains(#"rookery_search_seconds_bucket{kind="exact",le="4e-06"} 1"#))
        #expect(lines.contains(#"rookery_search_seconds_bucket{kind="exact",le="+Inf"} 3"#))
        #expect(lines.last == #"rookery_search_seconds_count{kind="exact"} 3"#)
    }

    @Test(
        "a value counts in the first bucket whose bound it does not exceed",
        arguments: [
            (Int.min, 0), (-1, 0), (0, 0), (1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (1 << 30, 30), ((1 << 30) + 1, 31),
            (Int.max, 31),
        ])
    func buckets(value: Int, bucket: Int) {
        let histogram = Histogram(unit: .count)
        histogram.record(value)
        #expect(histogram.snapshot.cumulative.firstIndex { $0.count == 1 } ?? Histogram.bucketCount == bucket)
    }

    @Test("many threads' additions all arrive")
    func contention() async {
        let counter = Counter()
        await withTaskGroup { group in
            for _ in 0..<8 { group.addTask { for _ in 0..<1_000 { counter.add() } } }
        }
        #expect(counter.value == 8_000)
    }
}
