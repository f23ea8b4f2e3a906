package import P2PProtocol
internal import Synchronization

/// The program's numbers, and their page in Prometheus's text format. What to register is decided at start, in code:
/// no label comes from the network, so the page's size is fixed.
package final class MetricsRegistry: Sendable {
    /// The page's media type.
    package static let contentType: StaticString = "text/plain; version=0.0.4; charset=utf-8"

    /// Labels of one series, in the order in which they are shown.
    package typealias Labels = KeyValuePairs<String, String>

    private enum Source: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)
        case computed(@Sendable () -> Int)
        case summed(@Sendable () -> Histogram.Snapshot)
    }

    private struct Series: Sendable {
        let labels: Bytes
        let source: Source
    }

    private struct Family: Sendable {
        let name: String
        let help: String
        let kind: String
        var series: [Series]
    }

    private let families = Mutex<[Family]>([])

    package init() {}

    /// A new counter on the page. By custom its name ends in `_total`.
    package func counter(_ name: String, _ help: String, labels: Labels = [:]) -> Counter {
        let counter = Counter()
        add(.counter(counter), kind: "counter", name, help, labels)
        return counter
    }

    /// A new gauge on the page.
    package func gauge(_ name: String, _ help: String, labels: Labels = [:]) -> Gauge {
        let gauge = Gauge()
        add(.gauge(gauge), kind: "gauge", name, help, labels)
        return gauge
    }

    /// A gauge that is asked for when the page is made.
    package func gauge(
        _ name: String, _ help: String, labels: Labels = [:], reading value: @escaping @Sendable () -> Int
    ) {
        add(.computed(value), kind: "gauge", name, help, labels)
    }

    /// A counter that is kept elsewhere and asked for when the page is made.
    package func counter(
        _ name: String, _ help: String, labels: Labels = [:], reading value: @escaping @Sendable () -> Int
    ) {
        add(.computed(value), kind: "counter", name, help, labels)
    }

    /// A new histogram on the page. By custom its name ends in its unit.
    package func histogram(
        _ name: String, _ help: String, unit: Histogram.Unit = .seconds, labels: Labels = [:]
    ) -> Histogram {
        let histogram = Histogram(unit: unit)
        add(.histogram(histogram), kind: "histogram", name, help, labels)
        return histogram
    }

    /// A histogram that is kept elsewhere, in parts, and added up when the page is made.
    package func histogram(
        _ name: String, _ help: String, labels: Labels = [:],
        reading snapshot: @escaping @Sendable () -> Histogram.Snapshot
    ) {
        add(.summed(snapshot), kind: "histogram", name, help, labels)
    }

    private func add(_ source: Source, kind: String, _ name: String, _ help: String, _ labels: Labels) {
        let series = Series(labels: PrometheusText.labels(labels), source: source)
        families.withLock { families in
            if let index = families.firstIndex(where: { $0.name == name }) {
                assert(families[index].kind == kind, "\(name) is a \(families[index].kind) already")
                families[index].series.append(series)
            } else {
                families.append(Family(name: name, help: help, kind: kind, series: [series]))
            }
        }
    }

    /// The page, in the order of registration.
    package func render() -> Bytes {
        var page = PrometheusText()
        // A copy: computed values may take their owner's lock, which is not to be taken under ours.
        for family in families.withLock({ $0 }) {
            page.family(family.name, help: family.help, kind: family.kind)
            for series in family.series { Self.render(series, of: family.name, to: &page) }
        }
        return page.bytes
    }

    private static func render(_ series: Series, of name: String, to page: inout PrometheusText) {
        switch series.source {
        case .counter(let counter): page.sample(name, series.labels, counter.value)
        case .gauge(let gauge): page.sample(name, series.labels, gauge.value)
        case .computed(let value): page.sample(name, series.labels, value())
        case .summed(let snapshot): page.histogram(name, series.labels, snapshot())
        case .histogram(let histogram): page.histogram(name, series.labels, histogram.snapshot)
        }
    }
}
