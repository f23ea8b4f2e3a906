import P2PProtocol
import P2PRuntime
import Peer
import Testing

/// Tells an `Unsettled` what happens, in milliseconds, and takes what is due.
private struct Story {
    var unsettled = Unsettled()
    private let share = SharePath(folder: 0, path: [])

    static func at(_ milliseconds: Int64) -> Moment { Moment(nanoseconds: milliseconds * 1_000_000) }

    mutating func happens(_ kind: FolderEvent.Kind, _ name: String, isFolder: Bool = false, at time: Int64) {
        let event = FolderEvent(watch: 1, kind, isFolder: isFolder, name: Bytes(name.utf8))
        unsettled.note(event, in: share, at: Self.at(time))
    }

    /// Whether a file of that size at the place has come to rest.
    mutating func sees(_ place: SharePath, size: Int, at time: Int64) -> Bool {
        unsettled.saw(place, being: identity(size), at: Self.at(time))
    }

    mutating func due(at time: Int64) -> Unsettled.Due { unsettled.takeDue(at: Self.at(time)) }
}

private func place(_ path: String, in folder: Int = 0) -> SharePath {
    SharePath(folder: folder, path: Bytes(path.utf8))
}

private func identity(_ size: Int) -> FileIdentity { FileIdentity(device: 1, inode: 2, size: size, modified: 3) }

@Suite struct UnsettledTests {
    @Test("a file that was written and closed is due once it has been left alone, and once only")
    func closed() {
        var story = Story()
        story.happens(.created, "a", at: 0)
        story.happens(.closed, "a", at: 100)
        story.happens(.closed, "a", at: 500)
        #expect(story.unsettled.nextDue == Story.at(800))
        #expect(story.due(at: 1_299).isEmpty)
        #expect(story.due(at: 1_300).files == [place("a")])
        #expect(story.due(at: 9_999).isEmpty)
        #expect(story.unsettled.nextDue == nil)
    }

    @Test("a file that nobody closed is due when two looks at it are alike")
    func open() {
        var story = Story()
        story.happens(.created, "a", at: 0)
        #expect(story.due(at: 800).open == [place("a")])
        #expect(story.sees(place("a"), size: 1, at: 800) == false)
        #expect(story.due(at: 1_600).open == [place("a")])
        #expect(story.sees(place("a"), size: 2, at: 1_600) == false)
        #expect(story.due(at: 2_400).open == [place("a")])
        #expect(story.sees(place("a"), size: 2, at: 2_400) == true)
        #expect(story.unsettled.nextDue == nil)
    }

    @Test("closing an open file ends the looks; a new date alone does not")
    func closedLater() {
        var story = Story()
        story.happens(.created, "a", at: 0)
        _ = story.due(at: 800)
        #expect(story.sees(place("a"), size: 1, at: 800) == false)
        story.happens(.touched, "a", at: 900)
        #expect(story.due(at: 1_700).open == [place("a")])
        story.happens(.closed, "a", at: 1_800)
        #expect(story.due(at: 2_600).files == [place("a")])
        story.happens(.touched, "a", at: 3_000)
        #expect(story.due(at: 3_800).files == [place("a")])
    }

    @Test("what was found in a new folder is due when it is what it was then")
    func found() {
        var story = Story()
        story.unsettled.note(place("new/a"), being: identity(1), at: Story.at(0))
        #expect(story.due(at: 800).open == [place("new/a")])
        #expect(story.sees(place("new/a"), size: 1, at: 800) == true)
    }

    @Test("a deletion is due at once, and what waited for the file is over")
    func deleted() {
        var story = Story()
        story.happens(.closed, "a", at: 0)
        story.happens(.deleted, "a", at: 10)
        #expect(story.unsettled.nextDue != nil)
        #expect(story.due(at: 10).files == [place("a")])
        #expect(story.due(at: 10_000).isEmpty)
    }

    @Test("both ends of a rename are due at once; a file from elsewhere rests like a written one")
    func renamed() {
        var story = Story()
        story.happens(.movedFrom(cookie: 7), "a", at: 0)
        story.happens(.movedTo(cookie: 7), "b", at: 0)
        story.happens(.movedTo(cookie: 8), "stranger", at: 0)
        #expect(story.due(at: 0).files == [place("a"), place("b")])
        #expect(story.due(at: 800).files == [place("stranger")])
    }

    @Test("folders that come and go are due at once, in their order; those of a rename are complete")
    func folders() {
        var story = Story()
        story.happens(.created, "new", isFolder: true, at: 0)
        story.happens(.movedFrom(cookie: 7), "old", isFolder: true, at: 0)
        story.happens(.movedTo(cookie: 7), "now", isFolder: true, at: 0)
        story.happens(.movedTo(cookie: 8), "stranger", isFolder: true, at: 0)
        story.happens(.deleted, "empty", isFolder: true, at: 0)
        let due = story.due(at: 0)
        #expect(due.arrived.map(\.place) == [place("new"), place("now"), place("stranger")])
        #expect(due.arrived.map(\.isComplete) == [false, true, false])
        #expect(due.left == [place("old")])
        #expect(due.files.isEmpty)
    }

    @Test(
        "what happens to a watched folder itself is nothing to look at", arguments: [FolderEvent.Kind.touched, .ended])
    func itself(kind: FolderEvent.Kind) {
        var story = Story()
        story.happens(kind, "", isFolder: true, at: 0)
        #expect(story.due(at: 9_999).isEmpty)
    }

    @Test("lost events, or more changes than can be kept, mean that everything is read again")
    func lost() {
        var story = Story()
        story.happens(.closed, "a", at: 0)
        story.happens(.lost, "", at: 1)
        let due = story.due(at: 1)
        #expect(due.isLost && due.files.isEmpty)
        #expect(story.due(at: 10_000).isEmpty)

        var small = Unsettled(limit: 10)
        for number in 0..<11 {
            let event = FolderEvent(watch: 1, .closed, name: Bytes("\(number)".utf8))
            small.note(event, in: place(""), at: Story.at(0))
        }
        #expect(small.takeDue(at: Story.at(0)).isLost)
    }

    @Test("a place is within a folder by whole components")
    func within() {
        #expect(place("a/b").isWithin([place("a")]))
        #expect(place("a").isWithin([place("a")]))
        #expect(place("a").isWithin([place("")]))
        #expect(!place("ab/c").isWithin([place("a")]))
        #expect(!place("a").isWithin([place("a/b")]))
        #expect(!place("a/b", in: 1).isWithin([place("a")]))
    }

    @Test("folders are read again when asked, or regularly while blind, and never most of the time")
    func rhythm() {
        var rhythm = ScanRhythm(beginning: Story.at(0), every: .seconds(60))
        #expect(rhythm.nextDue == nil)
        rhythm.ask()
        #expect(rhythm.isDue(at: Story.at(0)))
        rhythm.begin(at: Story.at(0))
        rhythm.end(at: Story.at(1_000))
        #expect(rhythm.nextDue == nil)
        rhythm.ask()
        #expect(!rhythm.isDue(at: Story.at(9_999)))
        #expect(rhythm.isDue(at: Story.at(10_000)))
        rhythm.begin(at: Story.at(10_000))
        rhythm.end(at: Story.at(10_001))
        rhythm.isPartlyBlind = true
        #expect(rhythm.nextDue == Story.at(70_001))
    }
}
