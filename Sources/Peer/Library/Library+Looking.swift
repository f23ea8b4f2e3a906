internal import P2PProtocol
internal import P2PRuntime

/// What lies at places that changed.
struct Sightings: Sendable {
    /// By the folder that they lie in.
    var found: [Int: [FolderScan.File]] = [:]
    /// Files that may still be written to.
    var open: [(place: SharePath, file: FolderScan.File)] = []
    var gone: [LibraryEntry] = []
    var skipped: [FolderScan.Skipped] = []

    mutating func add(_ file: FolderScan.File, in folder: Int) {
        found[folder, default: []].append(file)
    }
}

extension Library {
    /// Looks at what changed; the list stays as it is. `entering` is called with each new folder before it is read.
    /// Blocks on the disk.
    func look(at due: Unsettled.Due, entering: (SharePath, borrowing Descriptor) -> Void) -> Sightings {
        var sightings = Sightings()
        if !due.left.isEmpty {
            sightings.gone = snapshot().values.filter { entry in
                let path = folders[entry.folder].relativePath(of: entry.name) ?? []
                return SharePath(folder: entry.folder, path: path).isWithin(due.left)
            }
        }
        for arrival in due.arrived { enter(arrival, leaving: due.left, &sightings, entering) }
        for place in due.files { look(at: place, isOpen: false, &sightings) }
        for place in due.open { look(at: place, isOpen: true, &sightings) }
        return sightings
    }

    /// Brings the list up to what was seen. Returns the files whose root is not known.
    func take(_ sightings: Sightings, knowing cache: HashCache) -> [LibraryEntry] {
        var unhashed: [LibraryEntry] = []
        withdraw(sightings.gone)
        for (folder, files) in sightings.found {
            unhashed += list(files, folder: folder, knowing: cache)
            var place = place(ofFolder: folder)
            guard place.isOffline else { continue }
            place.isInUse()
            setPlace(ofFolder: folder, place)
        }
        return unhashed
    }

    private func enter(
        _ arrival: Unsettled.Arrival, leaving left: Set<SharePath>, _ sightings: inout Sightings,
        _ entering: (SharePath, borrowing Descriptor) -> Void
    ) {
        let (index, path) = (arrival.place.folder, arrival.place.path)
        // What is gone by now, or may not be read, has nothing to share.
        guard let scan = try? scan(index, below: path, entering: entering) else { return }
        sightings.skipped += scan.skipped
        for file in scan.files {
            if arrival.isComplete {
                sightings.add(file, in: index)
            } else if let relative = folders[index].relativePath(of: file.name) {
                let place = SharePath(folder: index, path: relative)
                // A folder of which only the date is new holds what it held.
                let isListed = entry(named: file.name)?.identity == file.identity && !place.isWithin(left)
                if !isListed { sightings.open.append((place, file)) }
            }
        }
    }

    private func look(at place: SharePath, isOpen: Bool, _ sightings: inout Sightings) {
        let folder = folders[place.folder]
        do throws(SystemError) {
            switch scanner.judge(place.path, try folder.open().status(place.path), in: folder) {
            case .share(let file) where isOpen: return sightings.open.append((place, file))
            case .share(let file): return sightings.add(file, in: place.folder)
            case .skip(let reason): sightings.skipped.append(FolderScan.Skipped(path: place.path, reason: reason))
            case .enter, .none: break
            }
        } catch {
            // What may pass by itself leaves the file listed; opening it tells in the end.
            guard error.meansMissing || error.meansForbidden else { return }
        }
        guard let name = folder.name(of: place.path), let entry = entry(named: name), entry.folder == place.folder
        else { return }
        sightings.gone.append(entry)
    }
}
