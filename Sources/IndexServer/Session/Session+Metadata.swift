internal import P2PProtocol
internal import P2PRuntime

/// META: what is known about titles.
extension Session {
    func meta(_ request: MetaRequest) throws(WireError) {
        switch request {
        case .get(let title):
            if let record = server.metadata.record(of: title) { write(record) } else { writer.null() }
        case .all(let page):
            let (total, next, records) = try server.metadata.page(page)
            writer.array(3)
            writer.integer(total)
            writer.bulk(next)
            writer.array(records.count)
            for record in records {
                writer.array(2)
                writer.bulk(record.title)
                write(record)
            }
        case .delete(let title): change(.delete(title))
        case .add(let fields): change(.add(Statement(fields, now: Int(WallClock.now.milliseconds))))
        case .edit(let fields): change(.edit(Statement(fields, now: Int(WallClock.now.milliseconds))))
        }
    }

    private func change(_ change: MetadataChange) {
        deferred = { [self] in
            do {
                writer.integer(try await server.metadata.change(change))
            } catch let error as WireError {
                fail(error)
            } catch {
                server.log.error("metadata.failed", ["error": "\(error)"])
                fail(WireError("META: the index cannot write its state; its log says why"))
            }
        }
    }

    private func write(_ record: TitleRecord) {
        writer.map(record.fields.count)
        for field in record.fields {
            writer.bulk(field.name)
            writer.bulk(field.value)
        }
    }
}
