extension ContentDecision {
    /// The head of the answer for the content of this root, under the name that it is shown by.
    package func responseHead(root: Digest, size: Int, name: Bytes) -> ResponseHead {
        var head = ResponseHead(status)
        switch self {
        case .full, .partial:
            head.fields.append("Content-Length", body(ofSize: size)?.count ?? 0)
            head.fields.append("Content-Type", ContentType.forName(name))
            head.fields.append("Content-Disposition", ContentDisposition.inline(name))
        case .notModified:
            break
        case .preconditionFailed, .unsatisfiable:
            head.fields.append("Content-Length", 0)
        }
        if let range = contentRange(size: size) { head.fields.append("Content-Range", range.bytes) }
        if self != .preconditionFailed { head.fields.append("ETag", EntityTag(root).bytes) }
        head.fields.append("Accept-Ranges", "bytes")
        SafetyFields.content.append(to: &head.fields)
        return head
    }

    private var status: HTTPStatus {
        switch self {
        case .full: .ok
        case .partial: .partialContent
        case .notModified: .notModified
        case .preconditionFailed: .preconditionFailed
        case .unsatisfiable: .rangeNotSatisfiable
        }
    }

    private func contentRange(size: Int) -> ContentRange? {
        switch self {
        case .partial(let range): .part(range, size: size)
        case .unsatisfiable: ContentRange.none(size: size)
        case .full, .notModified, .preconditionFailed: nil
        }
    }
}
