package import P2PProtocol

/// What is known about one title: its fields in the order in which they were first said.
package struct TitleRecord: Equatable, Sendable {
    /// One field, with who said it last and when.
    package struct Field: Equatable, Sendable {
        package let name: Bytes
        package var value: Bytes
        /// Milliseconds since 1970.
        package var time: Int
        package var user: Bytes?

        package init(name: Bytes, value: Bytes, time: Int, user: Bytes?) {
            (self.name, self.value, self.time, self.user) = (name, value, time, user)
        }

        fileprivate var bytes: Int { name.count + value.count + (user?.count ?? 0) }
    }

    /// Ascends in the order in which titles became known, and is never used twice.
    package let id: Int
    /// As it was spelled first.
    package let title: Bytes
    package internal(set) var fields: [Field]

    package init(id: Int, title: Bytes, fields: [Field] = []) {
        (self.id, self.title, self.fields) = (id, title, fields)
    }

    /// What counts against the limit of all titles together.
    var bytes: Int { fields.reduce(title.count) { $0 + $1.bytes } }

    /// Takes in the fields that are missing; says how many.
    mutating func add(_ statement: Statement) -> Int {
        let before = fields.count
        for field in statement.fields where !fields.contains(where: { $0.name == field.name }) {
            fields.append(
                Field(name: field.name, value: field.value, time: statement.time, user: statement.user))
        }
        return fields.count - before
    }

    /// Takes in the fields that are missing or said later than what is known; says how many.
    mutating func edit(_ statement: Statement) -> Int {
        var changed = 0
        for field in statement.fields {
            var new = Field(name: field.name, value: field.value, time: statement.time, user: statement.user)
            guard let index = fields.firstIndex(where: { $0.name == field.name }) else {
                fields.append(new)
                changed += 1
                continue
            }
            // Who speaks for himself speaks last, wherever the clock was meanwhile.
            if !statement.isPassedOn { new.time = max(new.time, fields[index].time) }
            guard !statement.isPassedOn || new.supersedes(fields[index]) else { continue }
            fields[index] = new
            changed += 1
        }
        return changed
    }
}

extension TitleRecord.Field {
    /// Whether this was said later. Of two that were said at the same time every index prefers the same one.
    fileprivate func supersedes(_ other: Self) -> Bool {
        if time != other.time { return time > other.time }
        if user != other.user { return (other.user ?? []).lexicographicallyPrecedes(user ?? []) }
        return other.value.lexicographicallyPrecedes(value)
    }
}

/// What somebody says about a title.
package struct Statement: Sendable {
    package let title: Bytes
    package let fields: [MetaFields.Field]
    package let time: Int
    package let user: Bytes?
    /// It was said elsewhere first.
    package let isPassedOn: Bool

    /// `now` is the index's clock: nobody speaks later than it, or nobody else could ever contradict them.
    package init(_ said: MetaFields, now: Int, user: Bytes? = nil) {
        (title, fields) = (said.title, said.fields)
        time = min(said.stamp?.time ?? now, now)
        self.user = said.stamp?.user ?? user
        isPassedOn = said.stamp != nil
    }
}
