/// How a pass travels: `Authorization: Bearer …`, or `?ticket=…` where there is but a URL.
extension RequestHead {
    private static let scheme = Bytes(ascii: "bearer ")

    /// The pass that is shown; nil without one.
    package var ticket: Bytes? {
        if let field = fields.sole("Authorization"), field.count > Self.scheme.count,
            field.prefix(Self.scheme.count).elementsEqual(Self.scheme, by: { $0 | 0x20 == $1 })
        {
            return Bytes(field.dropFirst(Self.scheme.count))
        }
        return target.value(of: "ticket")
    }

    /// Shows a pass.
    package mutating func show(_ ticket: Bytes) {
        fields.append("Authorization", Bytes(ascii: "Bearer ") + ticket)
    }
}

extension PeerRoute {
    /// What a pass has to be for; nil where nobody needs one.
    package var scope: Ticket.Scope? {
        switch self {
        case .content(let root, _), .pieces(let root), .have(let root), .handoff(let root, _): .content(root)
        case .sharePage, .shareList: .share
        case .metrics, .ping: nil
        }
    }
}
