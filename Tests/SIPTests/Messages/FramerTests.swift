import Testing

@testable import SIP

@Suite struct FramerTests {
  static let message = Array(
    "MESSAGE sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nl: 5\r\n\r\nhello".utf8)

  @Test func messageComesOutWholeHoweverItIsCut() throws {
    for cut in 1..<Self.message.count {
      var framer = SIPStreamFramer()
      framer.append(Array(Self.message[..<cut]))
      #expect(try framer.next() == nil)
      framer.append(Array(Self.message[cut...] + Self.message))
      for _ in 0..<2 {
        guard case .message(.request(let request)) = try framer.next() else {
          Issue.record("cut at \(cut)")
          return
        }
        #expect(request.body == Array("hello".utf8))
      }
      #expect(try framer.next() == nil)
      #expect(framer.pendingCount == 0)
    }
  }

  @Test func octetsMayComeOneByOne() throws {
    var framer = SIPStreamFramer()
    var units: [SIPStreamFramer.Unit] = []
    for byte in Self.message + Self.message + Self.message {
      framer.append([byte])
      if let unit = try framer.next() { units.append(unit) }
    }
    #expect(units.count == 3)
  }

  @Test func keepAlivesAreToldApart() throws {
    var framer = SIPStreamFramer()
    framer.append(Array("\r\n\r\n".utf8))
    #expect(try framer.next() == .ping)
    framer.append(Array("\r\n".utf8))
    #expect(try framer.next() == .pong)
    #expect(try framer.next() == nil)
    framer.append(Self.message)
    guard case .message = try framer.next() else { return #expect(Bool(false)) }
  }

  @Test func badLengthBreaksTheStream() throws {
    for length in ["-1", "99999999999999999999999", "1x", "", "2000000"] {
      var framer = SIPStreamFramer()
      framer.append(Array("MESSAGE sip:a@b SIP/2.0\r\nContent-Length: \(length)\r\n\r\n".utf8))
      #expect(throws: SIPParseError.self) { try framer.next() }
      #expect(framer.isBroken)
      #expect(try framer.next() == nil)
    }
  }

  @Test func endlessHeadIsRefused() throws {
    var framer = SIPStreamFramer()
    var isRefused = false
    for _ in 0..<200 where !isRefused {
      framer.append([UInt8](repeating: 0x41, count: 1_000))
      do { _ = try framer.next() } catch {
        isRefused = true
        #expect(error.status == 513)
      }
    }
    #expect(isRefused)
    #expect(framer.pendingCount == 0)
  }

  @Test func badRequestURICostsOneMessageOnly() throws {
    var framer = SIPStreamFramer()
    framer.append(Array("MESSAGE <sip:a@b> SIP/2.0\r\nl: 2\r\n\r\nhi".utf8) + Self.message)
    #expect(throws: SIPParseError.self) { try framer.next() }
    guard case .message = try framer.next() else { return #expect(Bool(false)) }
  }
}
