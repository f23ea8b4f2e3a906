/// What a GET or HEAD of a content is answered with: its conditions and its range, in the order of RFC 9110 §13.2.2.
///
/// The tag is the only validator. Dates are none here: If-Modified-Since and If-Unmodified-Since are ignored, as the
/// RFC asks where no modification date is sent, and a date in If-Range never matches.
package enum ContentDecision: Equatable, Sendable {
    /// 200.
    case full
    /// 206.
    case partial(ByteRange)
    /// 304.
    case notModified
    /// 412.
    case preconditionFailed
    /// 416.
    case unsatisfiable

    /// Decides for a file of this size and tag.
    package static func decide(_ request: RequestHead, size: Int, tag: EntityTag) -> ContentDecision {
        if let wanted = TagCondition("If-Match", in: request.fields), !wanted.matchesStrongly(tag) {
            return .preconditionFailed
        }
        if let known = TagCondition("If-None-Match", in: request.fields), known.matchesWeakly(tag) {
            return .notModified
        }
        // Range is defined for GET alone (RFC 9110 §14.2), and two Range fields say nothing that can be trusted.
        guard request.method == .get, let range = request.fields.sole("Range"), rangeStands(request, tag) else {
            return .full
        }
        return switch RangeDecision.decide(range, size: size) {
        case .whole: .full
        case .part(let part): .partial(part)
        case .unsatisfiable: .unsatisfiable
        }
    }

    /// If-Range: the part only while the file is still the one that the asker has the rest of.
    private static func rangeStands(_ request: RequestHead, _ tag: EntityTag) -> Bool {
        let validators = request.fields.all("If-Range")
        guard let text = validators.first else { return true }
        guard validators.count == 1, let wanted = EntityTag(text) else { return false }
        return wanted.matchesStrongly(tag)
    }

    /// The bytes of the file that follow the head of a GET's answer; nil for none.
    package func body(ofSize size: Int) -> ByteRange? {
        switch self {
        case .full: ByteRange(0, size - 1)
        case .partial(let range): range
        case .notModified, .preconditionFailed, .unsatisfiable: nil
        }
    }
}
