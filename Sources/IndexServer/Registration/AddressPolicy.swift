package import P2PProtocol
package import P2PRuntime

/// Which address a peer is listed under. The index lists what it sees: whoever could name another host could send
/// everybody's downloads to a victim.
package enum AddressPolicy {
    /// The host to list: `*` is the observed address; another literal only where an administrator allows it.
    package static func host(
        claimed: Bytes, observed: IPAddress, allowsForeign: Bool
    ) throws(WireError) -> IPAddress {
        if claimed == [UInt8(ascii: "*")] { return observed }
        guard let address = IPAddress(literal: claimed), address.isUnicast else {
            throw WireError("REG: host must be * or a literal IP address")
        }
        guard address == observed || (allowsForeign && !address.isLinkLocal) else {
            throw WireError(
                "REG: host must be * or the address that you connect from (\(observed))", prefix: "NOPERM")
        }
        return address
    }

    /// The host as `asker` should use it: a peer on the index's own machine is reached by a remote asker at the address
    /// at which that asker reached the index.
    package static func shown(_ host: IPAddress, to asker: IPAddress, reachedAt local: IPAddress?) -> IPAddress {
        guard host.isLoopback, !asker.isLoopback, let local else { return host }
        return local
    }
}
