internal import P2PProtocol
package import P2PRuntime

/// Which places changed and have not come to rest: events and the time go in, places to look at come out. An event
/// only says where to look; what is shared is decided by what lies there then.
package struct Unsettled: Sendable {
    /// How long a file must have been left alone.
    package static let quiet: Duration = .milliseconds(800)

    /// What is to be looked at now.
    package struct Due: Equatable, Sendable {
        /// Files that are as they will be, or gone.
        package internal(set) var files: [SharePath] = []
        /// Files of which nobody said that they are complete: they are if they are what they were at the last look.
        package internal(set) var open: [SharePath] = []
        /// Folders that are new, in the order in which they came.
        package internal(set) var arrived: [Arrival] = []
        /// Folders that are gone with all that was in them.
        package internal(set) var left: Set<SharePath> = []
        /// Events were lost: everything has to be read again.
        package internal(set) var isLost = false

        /// Nothing is to be done.
        package var isEmpty: Bool { self == Due() }
    }

    /// A folder that is new here.
    package struct Arrival: Equatable, Sendable {
        /// Where it lies.
        package let place: SharePath
        /// It came as it is, from elsewhere in the shares, so that nobody is still writing into it.
        package let isComplete: Bool
    }

    private struct Change: Sendable {
        var due: Moment
        var isClosed: Bool
        /// What it was when it was last looked at.
        var seen: FileIdentity?
    }

    /// Beyond it, reading everything again is cheaper than remembering.
    private let limit: Int
    private var changes: [SharePath: Change] = [:]
    /// When they were due, in that order; those that changed again since are in it again.
    private var queue: [(due: Moment, place: SharePath)] = []
    private var head = 0
    private var due = Due()
    /// Renames whose second half may follow.
    private var cookies: Set<UInt32> = []

    /// One that knows of nothing yet; `limit` is how many places may wait.
    package init(limit: Int = 200_000) {
        self.limit = limit
    }

    /// When there is something to be taken; nil when only an event can change that.
    package var nextDue: Moment? {
        due.isEmpty ? queue[head...].first?.due : Moment(nanoseconds: 0)
    }

    /// Something happened in a folder.
    package mutating func note(_ event: FolderEvent, in folder: SharePath, at now: Moment) {
        // What happens to the watched folder itself, its parent tells with a name.
        guard !event.name.isEmpty || event.kind == .lost else { return }
        let place = folder.child(event.name)
        if case .movedFrom(let cookie) = event.kind { cookies.insert(cookie) }
        switch event.kind {
        case .lost: lose()
        case .ended: break
        case .created where event.isFolder: due.arrived.append(Arrival(place: place, isComplete: false))
        case .movedTo(let cookie) where event.isFolder:
            due.arrived.append(Arrival(place: place, isComplete: cookies.contains(cookie)))
        case .movedFrom where event.isFolder: due.left.insert(place)
        // Of a folder that could be removed, nothing was left; and its rights are found out when it is read.
        case .deleted where event.isFolder, .closed where event.isFolder: break
        case .touched where event.isFolder: due.arrived.append(Arrival(place: place, isComplete: false))
        case .created: wait(place, isClosed: false, at: now)
        case .closed: wait(place, isClosed: true, at: now)
        case .touched: wait(place, isClosed: changes[place]?.isClosed ?? true, at: now)
        case .deleted, .movedFrom: take(place)
        case .movedTo(let cookie) where cookies.contains(cookie): take(place)
        // From elsewhere: perhaps a download that whoever moved it is about to share himself.
        case .movedTo: wait(place, isClosed: true, at: now)
        }
    }

    /// A file was found that may still be written to.
    package mutating func note(_ place: SharePath, being identity: FileIdentity, at now: Moment) {
        guard changes[place] == nil else { return }
        wait(place, isClosed: false, at: now)
        changes[place]?.seen = identity
    }

    /// Everything that is to be looked at by now, each place once.
    package mutating func takeDue(at now: Moment) -> Due {
        while head < queue.count, queue[head].due <= now {
            let (moment, place) = queue[head]
            head += 1
            guard let change = changes[place], change.due == moment else { continue }
            if change.isClosed {
                changes[place] = nil
                due.files.append(place)
            } else {
                due.open.append(place)
            }
        }
        if head == queue.count || head > 1_024 {
            queue.removeFirst(head)
            head = 0
        }
        cookies = []
        defer { due = Due() }
        return due
    }

    /// An open file was looked at. True when it has not changed since the last look; otherwise it waits for another.
    package mutating func saw(_ place: SharePath, being identity: FileIdentity, at now: Moment) -> Bool {
        guard changes[place]?.seen != identity else {
            changes[place] = nil
            return true
        }
        wait(place, isClosed: false, at: now)
        changes[place]?.seen = identity
        return false
    }

    /// A place that waited is no file any more.
    package mutating func forget(_ place: SharePath) {
        changes[place] = nil
    }

    private mutating func wait(_ place: SharePath, isClosed: Bool, at now: Moment) {
        guard changes.count < limit else { return lose() }
        // Its last rest is over: what was seen before an event counts no more, but what is seen later will.
        changes[place] = Change(due: now + Self.quiet, isClosed: isClosed)
        queue.append((now + Self.quiet, place))
    }

    private mutating func take(_ place: SharePath) {
        changes[place] = nil
        due.files.append(place)
    }

    private mutating func lose() {
        self = Unsettled(limit: limit)
        due.isLost = true
    }
}
