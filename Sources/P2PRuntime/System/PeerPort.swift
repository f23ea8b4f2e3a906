/// Which ports a peer may have. An index refuses the others, and nobody dials them, whoever names them.
package enum PeerPort {
    /// Well-known services that speak when spoken to; nobody's peer lives there.
    private static let blocked: Set<UInt16> = [
        1_433, 1_521, 2_049, 3_128, 3_306, 3_389, 5_060, 5_432, 5_900, 6_379, 6_667, 11_211, 27_017,
    ]

    /// Port numbers below 1,024 and those of well-known services are not.
    package static func permits(_ port: UInt16) -> Bool {
        port >= 1_024 && !blocked.contains(port)
    }
}
