/// A pass: its taker may fetch a content, or look at the list of all, from its giver until it expires. An index signs it;
/// the giver needs nobody to check it.
package struct Ticket: Hashable, Sendable {
    /// What it is for.
    package enum Scope: Hashable, Sendable {
        case content(Digest)
        /// The list of what the giver shares.
        case share
    }

    /// Why a pass does not open anything.
    package enum Refusal: Error, Equatable, Sendable {
        /// It is no pass, or not signed by that key: as good as none.
        case forged
        /// It is one, and not for this, here and now.
        case expired
        case otherGiver
        case otherContent
    }

    /// Longer is none: a root in hex, two ids, a time and the signature.
    package static let mostBytes = 512

    package let scope: Scope
    package let giver: Int
    package let taker: Int
    /// Milliseconds of the index's clock.
    package let expiry: Int

    package init(_ scope: Scope, giver: Int, taker: Int, expiry: Int) {
        (self.scope, self.giver, self.taker, self.expiry) = (scope, giver, taker, expiry)
    }

    /// `base64url(JSON).base64url(signature)`; nil only without memory.
    package func signed(with key: SigningKey) -> Bytes? {
        let first = Base64.url.encode(document.encoded())
        guard let signature = key.sign(first) else { return nil }
        return first + [Self.dot] + Base64.url.encode(signature)
    }

    /// What a text says that this key has signed.
    package static func read(_ text: Bytes, signedBy key: VerifyingKey) throws(Refusal) -> Ticket {
        guard text.count <= mostBytes else { throw .forged }
        let parts = text.split(separator: dot, omittingEmptySubsequences: false)
        // The signature is looked at first: nothing that a stranger writes is parsed.
        guard parts.count == 2, let signature = Base64.url.decode(parts[1]),
            key.accepts(signature, of: Bytes(parts[0])),
            let json = Base64.url.decode(parts[0]), let document = try? JSON.parse(json),
            let ticket = Ticket(document)
        else { throw .forged }
        return ticket
    }

    /// Throws unless it lets its taker do that at this giver now.
    package func check(for scope: Scope, at giver: Int, now: Int) throws(Refusal) {
        guard self.giver == giver else { throw .otherGiver }
        guard self.scope == scope else { throw .otherContent }
        guard now < expiry else { throw .expired }
    }

    private static let dot = UInt8(ascii: ".")
    private static let whole = Bytes(ascii: "*")

    private var document: JSON {
        let root =
            switch scope {
            case .content(let root): root.hex
            case .share: Self.whole
            }
        return .object([
            JSON.Member("root", .string(root)), JSON.Member("giver", .integer(giver)),
            JSON.Member("taker", .integer(taker)), JSON.Member("exp", .integer(expiry)),
        ])
    }

    private init?(_ document: JSON) {
        guard let root = document["root"]?.string, let giver = document["giver"]?.integer,
            let taker = document["taker"]?.integer, let expiry = document["exp"]?.integer
        else { return nil }
        if root == Self.whole {
            scope = .share
        } else if let digest = Digest(hex: root) {
            scope = .content(digest)
        } else {
            return nil
        }
        (self.giver, self.taker, self.expiry) = (giver, taker, expiry)
    }
}
