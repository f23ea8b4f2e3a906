/// The media type of a file, from its name's extension. Types that can act in a browser keep their right name: the
/// fields of `SafetyFields.content` are what makes them harmless.
package enum ContentType {
    package static let plainText: StaticString = "text/plain; charset=utf-8"
    package static let html: StaticString = "text/html; charset=utf-8"
    package static let json: StaticString = "application/json"
    /// The text format of Prometheus.
    package static let metrics: StaticString = "text/plain; version=0.0.4; charset=utf-8"
    package static let octets: StaticString = "application/octet-stream"

    /// The type for a name.
    package static func forName(_ name: Bytes) -> Bytes {
        let fileName = HTTPGrammar.fileName(of: name)
        guard let dot = fileName.lastIndex(of: UInt8(ascii: ".")) else { return Bytes(ascii: octets) }
        let suffix = fileName[(dot + 1)...].map(HTTPGrammar.lowercased)
        return Bytes((byExtension[suffix] ?? "\(octets)").utf8)
    }

    private static let byExtension: [Bytes: String] = {
        var table: [Bytes: String] = [:]
        for (type, extensions) in types {
            for suffix in extensions.split(separator: " ") { table[Bytes(suffix.utf8)] = type }
        }
        return table
    }()

    private static let types: KeyValuePairs = [
        "audio/aac": "aac", "audio/flac": "flac", "audio/midi": "mid midi", "audio/mp4": "m4a m4b",
        "audio/mpeg": "mp3 mp2", "audio/ogg": "ogg oga opus spx", "audio/wav": "wav", "audio/x-aiff": "aif aiff",
        "audio/x-ape": "ape", "audio/x-ms-wma": "wma", "audio/x-mpegurl": "m3u m3u8", "audio/x-wavpack": "wv",
        "video/mp4": "mp4 m4v", "video/mpeg": "mpg mpeg", "video/mp2t": "m2ts", "video/ogg": "ogv",
        "video/quicktime": "mov", "video/webm": "webm", "video/x-flv": "flv", "video/x-matroska": "mkv",
        "video/x-ms-wmv": "wmv", "video/x-msvideo": "avi", "video/3gpp": "3gp",
        "image/avif": "avif", "image/bmp": "bmp", "image/gif": "gif", "image/heic": "heic",
        "image/jpeg": "jpg jpeg", "image/jxl": "jxl", "image/png": "png", "image/svg+xml": "svg",
        "image/tiff": "tif tiff", "image/vnd.microsoft.icon": "ico", "image/webp": "webp",
        "text/plain; charset=utf-8": "txt text log nfo cue ini conf md5 sha1 sha256",
        "text/css; charset=utf-8": "css", "text/csv; charset=utf-8": "csv", "text/html; charset=utf-8": "html htm",
        "text/javascript; charset=utf-8": "js mjs", "text/markdown; charset=utf-8": "md",
        "text/vtt; charset=utf-8": "vtt", "text/xml; charset=utf-8": "xml", "application/xhtml+xml": "xhtml",
        "application/json": "json", "application/pdf": "pdf", "application/epub+zip": "epub",
        "application/rtf": "rtf", "application/wasm": "wasm", "application/x-subrip": "srt",
        "application/x-bittorrent": "torrent",
        "application/gzip": "gz tgz", "application/vnd.rar": "rar", "application/x-7z-compressed": "7z",
        "application/x-bzip2": "bz2", "application/x-tar": "tar", "application/x-xz": "xz",
        "application/zip": "zip", "application/zstd": "zst", "application/x-iso9660-image": "iso",
        "application/vnd.oasis.opendocument.text": "odt", "application/vnd.oasis.opendocument.spreadsheet": "ods",
        "application/msword": "doc", "application/vnd.ms-excel": "xls", "application/vnd.ms-powerpoint": "ppt",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
        "font/otf": "otf", "font/ttf": "ttf", "font/woff": "woff", "font/woff2": "woff2",
    ]
}
