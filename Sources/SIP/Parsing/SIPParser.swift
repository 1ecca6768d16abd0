/// Reads SIP messages: RFC 3261, section 7, as strict as RFC 4475 wants and as lenient as it allows.
///
/// ```
/// start-line CRLF  *( name ":" value CRLF  *( SP value CRLF ) )  CRLF  body
/// ```
/// Lines may end with a bare LF, names may be compact or in odd case, values may be folded. Fields are kept as text: a
/// value that cannot be read is found by who needs it, and by `RequestValidation`. Content-Length is used up here.
package enum SIPParser {
  /// Reads one datagram. Octets behind the body that Content-Length gives are ignored.
  package static func parse(datagram: [UInt8], limits: SIPLimits = SIPLimits()) throws(SIPParseError) -> SIPMessage {
    let head = try parseHead(datagram, limits: limits)
    let available = datagram.count - head.end
    let length = try head.contentLength() ?? available
    guard length <= available else { throw head.error(400, "Content-Length is larger than the message") }
    return try head.message(body: Array(datagram[head.end..<(head.end + length)]))
  }

  package static func parse(datagram: Span<UInt8>) throws(SIPParseError) -> SIPMessage {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(datagram.count)
    for index in datagram.indices { bytes.append(datagram[index]) }
    return try parse(datagram: bytes)
  }

  /// Reads start line and fields, up to and with the empty line or the end of `bytes`.
  static func parseHead(_ bytes: [UInt8], limits: SIPLimits) throws(SIPParseError) -> MessageHead {
    var lines = LineReader(bytes)
    var first = lines.next()
    // Section 7.5: empty lines before the start line are ignored.
    while let line = first, line.isEmpty { first = lines.next() }
    guard let first else { throw SIPParseError(status: 400, reason: "Empty message") }
    let start = try StartLine(first)
    var head = MessageHead(start: start)
    var pending: [UInt8] = []
    while let line = lines.next() {
      if lines.index > limits.headerBytes { throw head.error(513, "Header fields are too long") }
      if let byte = line.first, byte == 0x20 || byte == 0x09 {
        guard !pending.isEmpty else { throw head.error(400, "Folded line without a field") }
        pending.append(0x20)
        pending += CharacterClass.trimmed(line)
        continue
      }
      try head.take(pending, limits: limits)
      pending = []
      if line.isEmpty { break }
      pending = Array(line)
    }
    try head.take(pending, limits: limits)
    head.end = lines.index
    if let version = start.unknownVersion { throw head.error(505, "Version \(version) is not supported") }
    return head
  }
}
