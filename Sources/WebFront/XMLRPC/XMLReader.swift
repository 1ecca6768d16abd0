/// A small reader of XML 1.0 in UTF-8: elements and text, nothing else. No document type, so no entities but the five of XML
/// itself; no attributes, since XML-RPC has none. Caps on size, depth and number: nothing that is read can grow beyond
/// what was sent.
struct XMLReader {
  /// Elements within each other.
  static let maximumDepth = 32
  static let maximumElements = 10_000

  private let octets: [UInt8]
  private var position = 0
  private var elements = 0

  private init(_ octets: [UInt8]) { self.octets = octets }

  /// The document's element.
  static func read(_ octets: [UInt8]) throws(XMLProblem) -> XMLElement {
    // Text is looked at octet by octet; what is no UTF-8 would be changed on its way into strings.
    guard let text = String(validating: octets, as: UTF8.self) else { throw XMLProblem("is not UTF-8", at: 0) }
    guard text.unicodeScalars.allSatisfy({ isCharacter($0.value) }) else {
      throw XMLProblem("has characters that XML does not know", at: 0)
    }
    var reader = XMLReader(octets)
    if reader.takes("\u{FEFF}") {}
    if reader.takes("<?xml") { try reader.skip(past: "?>") }
    try reader.skipMisc()
    let element = try reader.readElement()
    try reader.skipMisc()
    guard reader.position == octets.count else { throw reader.problem("has something behind its element") }
    return element
  }

  /// Iterative: what is nested deeply costs memory, but no stack.
  private mutating func readElement() throws(XMLProblem) -> XMLElement {
    var open: [XMLElement] = []
    while true {
      if takes("</") {
        guard var done = open.popLast() else { throw problem("ends an element that was not begun") }
        guard takes(done.name) else { throw problem("should end '\(done.name)' here") }
        skipSpace()
        guard takes(">") else { throw problem("lacks '>'") }
        if !done.children.isEmpty { done.text = "" }
        guard !open.isEmpty else { return done }
        open[open.count - 1].children.append(done)
      } else if takes("<!--") {
        try skip(past: "-->")
      } else if !open.isEmpty, takes("<![CDATA[") {
        let start = position
        try skip(past: "]]>")
        open[open.count - 1].text += String(decoding: octets[start..<position - 3], as: UTF8.self)
      } else if takes("<!") {
        throw problem("has a document type or declaration; none is read here")
      } else if takes("<?") {
        throw problem("has a processing instruction; none is read here")
      } else if takes("<") {
        guard open.count < Self.maximumDepth else { throw problem("is nested more than \(Self.maximumDepth) deep") }
        elements += 1
        guard elements <= Self.maximumElements else { throw problem("has more than \(Self.maximumElements) elements") }
        let element = XMLElement(name: try readName())
        skipSpace()
        if takes("/>") {
          guard !open.isEmpty else { return element }
          open[open.count - 1].children.append(element)
        } else {
          guard takes(">") else { throw problem("has an attribute, or lacks '>'") }
          open.append(element)
        }
      } else {
        guard !open.isEmpty else { throw problem("has no element") }
        guard position < octets.count else { throw problem("ends within '\(open[open.count - 1].name)'") }
        open[open.count - 1].text += try readText()
      }
    }
  }

  private mutating func readName() throws(XMLProblem) -> String {
    let start = position
    while position < octets.count, Self.isName(octets[position]) { position += 1 }
    guard position > start, position - start <= 64 else { throw problem("lacks a name") }
    return String(decoding: octets[start..<position], as: UTF8.self)
  }

  /// Up to the next element.
  private mutating func readText() throws(XMLProblem) -> String {
    var text: [UInt8] = []
    while position < octets.count, octets[position] != UInt8(ascii: "<") {
      if octets[position] == UInt8(ascii: "&") {
        text += Array(String(try readReference()).utf8)
      } else {
        text.append(octets[position])
        position += 1
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `&lt;`, `&#10;`, `&#xA;`; XML 1.0, sections 4.1 and 4.6.
  private mutating func readReference() throws(XMLProblem) -> Unicode.Scalar {
    guard let end = octets[position...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
      throw problem("has '&' without a reference behind it")
    }
    let name = String(decoding: octets[position + 1..<end], as: UTF8.self)
    let value: UInt32? =
      switch name {
      case "lt": 0x3C
      case "gt": 0x3E
      case "amp": 0x26
      case "quot": 0x22
      case "apos": 0x27
      case _ where name.hasPrefix("#x"): UInt32(name.dropFirst(2), radix: 16)
      case _ where name.hasPrefix("#"): UInt32(name.dropFirst(), radix: 10)
      case _: nil
      }
    guard let value, let scalar = Unicode.Scalar(value), Self.isCharacter(value) else {
      throw problem("has a reference to '\(name)', which is not known here")
    }
    position = end + 1
    return scalar
  }

  private mutating func skipMisc() throws(XMLProblem) {
    while true {
      skipSpace()
      guard takes("<!--") else { return }
      try skip(past: "-->")
    }
  }

  private mutating func skipSpace() {
    while position < octets.count, [0x20, 0x09, 0x0A, 0x0D].contains(octets[position]) { position += 1 }
  }

  private mutating func skip(past end: StaticString) throws(XMLProblem) {
    while position < octets.count {
      if takes("\(end)") { return }
      position += 1
    }
    throw problem("ends before '\(end)'")
  }

  private mutating func takes(_ text: String) -> Bool {
    let text = text.utf8
    guard octets[position...].starts(with: text) else { return false }
    position += text.count
    return true
  }

  private func problem(_ reason: String) -> XMLProblem { XMLProblem(reason, at: position) }

  private static func isName(_ octet: UInt8) -> Bool {
    switch octet {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// XML 1.0, section 2.2.
  private static func isCharacter(_ value: UInt32) -> Bool {
    [0x9, 0xA, 0xD].contains(value) || (0x20...0xD7FF).contains(value) || (0xE000...0xFFFD).contains(value)
      || (0x10000...0x10FFFF).contains(value)
  }
}
