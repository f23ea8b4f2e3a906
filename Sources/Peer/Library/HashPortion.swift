/// Cuts a list of files into portions for one thread each: a big file alone, many small ones together, so that
/// handing them over costs little beside hashing them.
enum HashPortion {
    static let files = 64
    static let bytes = 8 << 20

    static func split(_ files: [LibraryEntry]) -> [[LibraryEntry]] {
        var portions: [[LibraryEntry]] = []
        var portion: [LibraryEntry] = []
        var size = 0
        for file in files {
            if !portion.isEmpty, portion.count == Self.files || file.size > bytes - size {
                portions.append(portion)
                (portion, size) = ([], 0)
            }
            portion.append(file)
            // A file larger than a portion fills it; more is not counted, and so nothing overflows.
            size += min(file.size, bytes)
        }
        if !portion.isEmpty { portions.append(portion) }
        return portions
    }
}
