package import P2PProtocol
package import P2PRuntime

/// One order in the queue, and what has become of it.
package struct Transfer: Equatable, Sendable {
    /// By which its user names it; never given twice.
    package let number: Int
    package internal(set) var order: TransferOrder
    /// Those with lower ones come first. There are gaps, so that one can be put between two others.
    package internal(set) var place: Int
    package internal(set) var state: State
    package internal(set) var progress = Progress()
    /// Who is to let go of the file when it has arrived; known before it does, so that no crash forgets it.
    package internal(set) var giver: PeerReference?
    /// Attempts that have failed since something last arrived.
    package internal(set) var failures = 0

    package init(number: Int, order: TransferOrder, place: Int, state: State = .queued) {
        (self.number, self.order, self.place, self.state) = (number, order, place, state)
        switch state {
        case .done, .settling: progress.done = order.size
        default: break
        }
    }

    /// What stands beside one that did not have to be fetched.
    package static let wasHere = "it was here already"

    /// Where it stands. All but the last two have a next step, or wait for their user.
    package enum State: Equatable, Sendable {
        case queued
        case running
        /// By its user.
        case paused
        /// It could not be had, and is tried again.
        case waiting(reason: String, until: Moment)
        /// The file is here and belongs to us; its former owner is still to be told.
        case settling(Debt, reason: String?, until: Moment)
        /// Nobody wants it any more; what came of it is to be removed.
        case cancelled
        /// With what its user should know beside it.
        case done(path: Bytes, note: String?)
        /// Trying again would change nothing.
        case failed(reason: String)
    }

    /// A move that its giver has not confirmed.
    package struct Debt: Equatable, Sendable {
        /// The file's path here, and the name under which it is shared.
        package let path: Bytes
        package let name: Name?
        package let giver: PeerReference
        /// When the file arrived: after a week without an answer nobody is asked any more.
        package let since: WallClock

        package init(path: Bytes, name: Name?, giver: PeerReference, since: WallClock) {
            (self.path, self.name, self.giver, self.since) = (path, name, giver, since)
        }
    }

    /// How far it is; not kept, since the unfinished file knows it better.
    package struct Progress: Equatable, Sendable {
        package var done = 0
        package var bytesPerSecond = 0
        package var sources = 0
        package var isDiskFull = false

        package init(done: Int = 0, bytesPerSecond: Int = 0, sources: Int = 0, isDiskFull: Bool = false) {
            (self.done, self.bytesPerSecond, self.sources) = (done, bytesPerSecond, sources)
            self.isDiskFull = isDiskFull
        }
    }

    /// Nothing more will happen by itself.
    package var isFinal: Bool {
        switch state {
        case .done, .failed: true
        default: false
        }
    }

    /// Why it does not go on at the moment, in words for a person.
    package var reason: String? {
        switch state {
        case .waiting(let reason, _), .failed(let reason): reason
        case .settling(_, let reason, _): reason
        case .running where progress.isDiskFull: "the disk is full"
        case .done(_, let note): note
        default: nil
        }
    }
}
