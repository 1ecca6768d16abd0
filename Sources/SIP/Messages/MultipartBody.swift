/// A body of several parts: RFC 2046, section 5.1, as RFC 5621 uses it in SIP.
package struct MultipartBody: Hashable, Sendable {
  /// One part with its own fields.
  package struct Part: Hashable, Sendable {
    package var headers: SIPHeaders
    package var body: [UInt8]

    package init(headers: SIPHeaders, body: [UInt8]) {
      self.headers = headers
      self.body = body
    }

    /// Text/plain unless said otherwise (RFC 2046, section 5.1).
    package var contentType: MediaType? {
      headers.has("Content-Type") ? headers.contentType : MediaType("text", "plain")
    }
  }

  /// Parts at most; what follows them is not read.
  package static let partLimit = 32
  /// Fields of one part at most; what follows them is passed over.
  package static let fieldLimit = 64

  package var parts: [Part]

  /// Reads a body whose Content-Type is multipart/…; nil without a boundary or a part. A missing end boundary is forgiven.
  package init?(contentType: MediaType, body: [UInt8]) {
    guard contentType.type == "multipart", let boundary = contentType.parameters["boundary"],
      (1...200).contains(boundary.utf8.count)
    else { return nil }
    let delimiter = Array("--\(boundary)".utf8)
    parts = []
    var lines = LineReader(body)
    var start: Int?
    var lineStart = 0
    while parts.count < MultipartBody.partLimit {
      lineStart = lines.index
      guard let line = lines.next() else {
        if let start { parts.append(MultipartBody.part(body[start..<body.count])) }
        break
      }
      guard line.starts(with: delimiter) else { continue }
      let tail = CharacterClass.trimmed(line.dropFirst(delimiter.count))
      let isEnd = tail.elementsEqual("--".utf8)
      guard tail.isEmpty || isEnd else { continue }
      if let start { parts.append(MultipartBody.part(MultipartBody.withoutLineEnd(body[start..<lineStart]))) }
      start = lines.index
      if isEnd { break }
    }
    if parts.isEmpty { return nil }
  }

  /// The line end before a delimiter belongs to the delimiter.
  private static func withoutLineEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    if bytes.last == 0x0A { bytes.removeLast() }
    if bytes.last == 0x0D { bytes.removeLast() }
    return bytes
  }

  private static func part(_ bytes: ArraySlice<UInt8>) -> Part {
    var headers = SIPHeaders()
    let octets = Array(bytes)
    var lines = LineReader(octets)
    var field: [UInt8] = []
    while let line = lines.next(), !line.isEmpty {
      if let first = line.first, first == 0x20 || first == 0x09 {
        // Octet by octet to the end of the one line: a long fold costs no more than its length.
        field.append(0x20)
        field += CharacterClass.trimmed(line)
      } else {
        take(field, into: &headers)
        field = Array(line)
      }
    }
    take(field, into: &headers)
    return Part(headers: headers, body: Array(octets[lines.index...]))
  }

  /// Reads one unfolded field of a part; what is none is passed over, and so are fields beyond `fieldLimit`.
  private static func take(_ field: [UInt8], into headers: inout SIPHeaders) {
    guard headers.fields.count < fieldLimit, let colon = field.firstIndex(of: UInt8(ascii: ":")) else { return }
    headers.append(
      String(decoding: CharacterClass.trimmed(field[..<colon]), as: UTF8.self),
      String(decoding: CharacterClass.trimmed(field[(colon + 1)...]), as: UTF8.self))
  }

  /// The first part of this type, also within multiparts within.
  package func first(_ type: MediaType) -> Part? { first(type, depth: 0) }

  private func first(_ type: MediaType, depth: Int) -> Part? {
    for part in parts {
      guard let contentType = part.contentType else { continue }
      if contentType.name == type.name { return part }
      if depth < 4, let inner = MultipartBody(contentType: contentType, body: part.body)?.first(type, depth: depth + 1)
      {
        return inner
      }
    }
    return nil
  }
}

extension MultipartBody {
  /// The body of the message, or of its first part, that has this type; nil if there is none.
  package static func content(_ type: MediaType, headers: SIPHeaders, body: [UInt8]) -> [UInt8]? {
    guard !body.isEmpty, let contentType = headers.contentType else { return nil }
    if contentType.name == type.name { return body }
    return MultipartBody(contentType: contentType, body: body)?.first(type)?.body
  }
}
