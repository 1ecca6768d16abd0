/// Cuts a byte stream of TCP or TLS into messages by Content-Length: RFC 3261, section 18.3, with the keep-alives of
/// RFC 5626, section 4.4.1.
///
/// After a thrown error the stream has no known message boundary any more: answer if the error's request allows it, then
/// close. The work per octet is constant, also when they come one by one.
package struct SIPStreamFramer: Sendable {
  package enum Unit: Hashable, Sendable {
    case message(SIPMessage)
    /// CRLF CRLF: answer with CRLF.
    case ping
    /// CRLF: the answer to our ping.
    case pong
  }

  private enum State: Sendable {
    /// Looks for the empty line; `scanned` octets of the buffer are known not to hold it.
    case head(scanned: Int)
    case body(MessageHead, length: Int)
    case broken
  }

  private let limits: SIPLimits
  private var buffer: [UInt8] = []
  /// Octets at the front of the buffer that are used up.
  private var consumed = 0
  private var state = State.head(scanned: 0)

  package init(limits: SIPLimits = SIPLimits()) { self.limits = limits }

  /// Octets that wait for the rest of their message.
  package var pendingCount: Int { buffer.count - consumed }

  package mutating func append(_ bytes: [UInt8]) {
    if case .broken = state { return }
    if consumed > 0, consumed == buffer.count || consumed > 65_536 {
      buffer.removeFirst(consumed)
      if case .head(let scanned) = state { state = .head(scanned: max(0, scanned - consumed)) }
      consumed = 0
    }
    buffer += bytes
  }

  /// The next message or keep-alive, or nil when more octets are needed.
  package mutating func next() throws(SIPParseError) -> Unit? {
    switch state {
    case .broken: return nil
    case .head(let scanned):
      if let keepAlive = takeLineEnds() { return keepAlive }
      guard consumed < buffer.count, let end = try headEnd(from: max(scanned, consumed)) else { return nil }
      return try takeHead(end)
    case .body(let head, let length): return try takeBody(head, length: length)
    }
  }

  /// Line ends between messages. A ping that comes in two pieces is taken for two pongs, which nobody misses.
  private mutating func takeLineEnds() -> Unit? {
    guard consumed < buffer.count, buffer[consumed] == 0x0D || buffer[consumed] == 0x0A else { return nil }
    var count = 0
    var index = consumed
    while index < buffer.count, count < 2 {
      if buffer[index] == 0x0A {
        count += 1
        index += 1
      } else if buffer[index] == 0x0D, index + 1 < buffer.count, buffer[index + 1] == 0x0A {
        count += 1
        index += 2
      } else {
        break
      }
    }
    guard count > 0 else { return nil }
    consumed = index
    state = .head(scanned: consumed)
    return count == 2 ? .ping : .pong
  }

  /// Where the head ends, behind its empty line.
  private mutating func headEnd(from start: Int) throws(SIPParseError) -> Int? {
    var index = start
    while index < buffer.count {
      if buffer[index] == 0x0A {
        if index > consumed, buffer[index - 1] == 0x0A { return index + 1 }
        if index > consumed + 1, buffer[index - 1] == 0x0D, buffer[index - 2] == 0x0A { return index + 1 }
      }
      index += 1
      guard index - consumed <= limits.headerBytes else {
        throw fail(SIPParseError(status: 513, reason: "Header fields are too long"))
      }
    }
    state = .head(scanned: index)
    return nil
  }

  private mutating func takeHead(_ end: Int) throws(SIPParseError) -> Unit? {
    let head: MessageHead
    let length: Int?
    do {
      head = try SIPParser.parseHead(Array(buffer[consumed..<end]), limits: limits)
      length = try head.contentLength()
    } catch {
      throw fail(error)
    }
    consumed = end
    // Section 20.14: on a stream the length must be there; without it, only an empty body leaves the stream in step.
    let body = length ?? 0
    guard body <= limits.bodyBytes else { throw fail(head.error(513, "Body is too long")) }
    state = .body(head, length: body)
    return try takeBody(head, length: body)
  }

  private mutating func takeBody(_ head: MessageHead, length: Int) throws(SIPParseError) -> Unit? {
    guard buffer.count - consumed >= length else { return nil }
    let body = Array(buffer[consumed..<(consumed + length)])
    consumed += length
    state = .head(scanned: consumed)
    // If this throws, only this message is lost: its end is known.
    return .message(try head.message(body: body))
  }

  private mutating func fail(_ error: SIPParseError) -> SIPParseError {
    state = .broken
    buffer = []
    consumed = 0
    return error
  }

  /// True after an error that lost the message boundary: close the connection.
  package var isBroken: Bool { if case .broken = state { true } else { false } }
}
