/// What a parser of heads says after it has looked at what arrived.
package enum HeadStep<Head: Sendable & Equatable>: Sendable, Equatable {
    /// The head has not ended.
    case needMore
    /// A head, and how many bytes it took; the parser is ready for the next.
    case head(Head, consumed: Int)
    /// Answer with the fault where there is somebody to answer, and close.
    case failed(HTTPFault)
}
