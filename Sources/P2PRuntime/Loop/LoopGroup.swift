internal import CLinux
internal import Synchronization

/// The loops of a program: one a processor that it may use.
package final class LoopGroup: Sendable {
    package let loops: [EventLoop]
    private let turn = Atomic<Int>(0)

    /// `count` 0 means one a usable processor.
    package init(count: Int = 0, name: String = "loop") throws(SystemError) {
        let wanted = count > 0 ? count : Int(clinux_usable_processors())
        var loops: [EventLoop] = []
        for index in 0..<wanted { loops.append(try EventLoop(name: "\(name)-\(index)")) }
        self.loops = loops
        for loop in loops { loop.start() }
    }

    /// The loops in turn, so that connections spread evenly.
    package func next() -> EventLoop {
        let index = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return loops[Int(UInt(bitPattern: index) % UInt(loops.count))]
    }

    /// Tells all tasks to finish.
    package func drain() {
        for loop in loops {
            Task(executorPreference: loop) { loop.drain() }
        }
    }

    package func stop() {
        for loop in loops { loop.stop() }
    }
}
