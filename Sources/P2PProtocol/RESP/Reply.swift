/// What an index answers, in either version of the protocol.
package enum Reply: Equatable, Sendable {
    /// One entry of a map.
    package struct Pair: Equatable, Sendable {
        package let key: Reply
        package let value: Reply

        package init(key: Reply, value: Reply) {
            (self.key, self.value) = (key, value)
        }
    }

    case simple(Bytes)
    /// The whole line, prefix first: `ERR unknown command …`.
    case error(Bytes)
    case integer(Int)
    case bulk(Bytes)
    case null
    case boolean(Bool)
    case double(Double)
    case bigNumber(Bytes)
    /// Text with its three-letter format before it, without the colon.
    case verbatim(format: Bytes, text: Bytes)
    case array([Reply])
    case set([Reply])
    case map([Pair])
    /// A message that no command asked for.
    case push([Reply])
}

extension Reply {
    /// The bytes of a string, whichever kind of string it is.
    package var bytes: Bytes? {
        switch self {
        case .simple(let bytes), .bulk(let bytes), .bigNumber(let bytes), .verbatim(_, let bytes): bytes
        default: nil
        }
    }

    package var integer: Int? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The elements of an array, a set or a push.
    package var array: [Reply]? {
        switch self {
        case .array(let elements), .set(let elements), .push(let elements): elements
        default: nil
        }
    }

    /// The line of an error.
    package var errorLine: Bytes? {
        if case .error(let line) = self { line } else { nil }
    }

    package var isNull: Bool { self == .null }

    /// The element at `index`, nil where there is none: answers may be shorter than hoped.
    package subscript(index: Int) -> Reply? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// The value under `key` in a map, or in the flat array that stands for one in RESP2.
    package subscript(key: StaticString) -> Reply? {
        let key = Bytes(ascii: key)
        switch self {
        case .map(let pairs):
            return pairs.first { $0.key.bytes == key }?.value
        case .array(let elements):
            let index = stride(from: 0, to: elements.count - 1, by: 2).first { elements[$0].bytes == key }
            return index.map { elements[$0 + 1] }
        default:
            return nil
        }
    }
}
