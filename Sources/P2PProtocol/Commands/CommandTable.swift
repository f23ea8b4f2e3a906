/// The commands that an index understands: their names, how many arguments they take, what they are for and who reads
/// the rest. `COMMAND` answers out of it.
package enum CommandTable {
    /// One command.
    package struct Entry: Sendable {
        /// In capitals, as faults and documents name it.
        package let name: StaticString
        /// Arguments, the name included.
        package let fewest: Int
        /// nil for as many as a command may have.
        package let most: Int?
        /// One line for a person.
        package let summary: StaticString

        let parse: @Sendable (inout CommandReader) throws(WireError) -> Command

        /// Redis's number for it: negative where it is a minimum.
        package var arity: Int { fewest == most ? fewest : -fewest }

        func accepts(_ count: Int) -> Bool {
            count >= fewest && count <= most ?? .max
        }
    }

    /// All of them, in the order of the documentation.
    package static let entries = connection + sharing + finding + telling + administration

    // Two dozen numbers in a row are compared faster than one is hashed.
    private static let names = entries.map { Keyword(stringLiteral: $0.name) }

    static func entry(_ name: Keyword) -> Entry? {
        names.firstIndex(of: name).map { entries[$0] }
    }

    /// The command of that name in either case.
    package static func entry(named name: Bytes) -> Entry? {
        name.withUnsafeBufferPointer { entry(Keyword($0)) }
    }
}
