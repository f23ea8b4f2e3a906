/// The fields that keep shared bytes from acting in a browser. A shared file may be a page with a script: it is shown
/// in a sandbox of its own, without an origin, and never as anything but what its type says.
package enum SafetyFields: Sendable {
    /// For the bytes of shared files.
    case content
    /// For the pages that this program makes: no scripts from anywhere, forms and downloads only.
    case page

    /// Adds the fields to an answer.
    package func append(to fields: inout HTTPFields) {
        fields.append("X-Content-Type-Options", "nosniff")
        fields.append("Content-Security-Policy", policy)
        // A plain URL may carry a ticket, which is nobody else's business.
        fields.append("Referrer-Policy", "no-referrer")
    }

    private var policy: StaticString {
        switch self {
        case .content:
            "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
        case .page:
            """
            sandbox allow-downloads allow-forms allow-top-navigation-by-user-activation; default-src 'none'; \
            style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
            """
        }
    }
}
