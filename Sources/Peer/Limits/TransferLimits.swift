package import P2PProtocol
package import P2PRuntime

/// How many bytes a second may go and come; nil is no limit.
package struct TransferLimits: Equatable, Sendable {
    /// All uploads together, those to one address, and all downloads together.
    package var upload: Int?
    package var perPeer: Int?
    package var download: Int?

    package init(upload: Int? = nil, perPeer: Int? = nil, download: Int? = nil) {
        (self.upload, self.perPeer, self.download) = (upload, perPeer, download)
    }
}

extension TransferLimits {
    /// One of them, as people and the state call it.
    package enum Kind: String, CaseIterable, Sendable {
        case upload
        case perPeer = "per-peer"
        case download

        var path: any WritableKeyPath<TransferLimits, Int?> & Sendable {
            switch self {
            case .upload: \.upload
            case .perPeer: \.perPeer
            case .download: \.download
            }
        }

        /// What it bounds, for people.
        var words: String {
            switch self {
            case .upload: "all uploads"
            case .perPeer: "uploads to one address"
            case .download: "all downloads"
            }
        }
    }

    /// A change of one of them: to so many bytes a second, to no limit, or back to what the configuration says.
    package enum Change: Equatable, Sendable {
        case to(Int?)
        case back

        /// `500K`, `off` or `default`.
        package init(_ text: Bytes) throws(Misuse) {
            switch String(decoding: text, as: UTF8.self) {
            case "off", "none", "0": self = .to(nil)
            case "default": self = .back
            default:
                guard let rate = ByteSize.parse(text), (1...1 << 40).contains(rate) else {
                    throw Misuse(
                        "'\(display(text))' is no rate: write bytes a second such as 500K or 2M, off or default")
                }
                self = .to(rate)
            }
        }
    }
}
