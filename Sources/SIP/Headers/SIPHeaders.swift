/// The header fields of a message in their order, as text: RFC 3261, section 7.3.
///
/// Names are looked up without regard to case and in their compact forms too.
package struct SIPHeaders: Hashable, Sendable {
  /// One field; `name` in its usual spelling.
  package struct Field: Hashable, Sendable {
    package let name: String
    package var value: String
  }

  package private(set) var fields: [Field] = []

  package init() {}

  package init(_ fields: [(name: String, value: String)]) {
    for field in fields { append(field.name, field.value) }
  }

  /// The first value with this name.
  package subscript(name: String) -> String? {
    let name = HeaderName.canonical(name)
    return fields.first { SIPHeaders.isSame($0.name, name) }?.value
  }

  /// All values with this name, as they stand in their fields.
  package func all(_ name: String) -> [String] {
    let name = HeaderName.canonical(name)
    return fields.compactMap { SIPHeaders.isSame($0.name, name) ? $0.value : nil }
  }

  package func has(_ name: String) -> Bool { self[name] != nil }

  package mutating func append(_ name: String, _ value: String) {
    fields.append(Field(name: HeaderName.canonical(name), value: value))
  }

  package mutating func prepend(_ name: String, _ value: String) {
    fields.insert(Field(name: HeaderName.canonical(name), value: value), at: 0)
  }

  /// Puts the value in the place of the first field with this name, or at the end; further ones go.
  package mutating func set(_ name: String, _ value: String) {
    let name = HeaderName.canonical(name)
    guard let index = fields.firstIndex(where: { SIPHeaders.isSame($0.name, name) }) else {
      return append(name, value)
    }
    fields[index].value = value
    guard index + 1 < fields.count else { return }
    for later in ((index + 1)..<fields.count).reversed() where SIPHeaders.isSame(fields[later].name, name) {
      fields.remove(at: later)
    }
  }

  package mutating func remove(_ name: String) {
    let name = HeaderName.canonical(name)
    fields.removeAll { SIPHeaders.isSame($0.name, name) }
  }

  /// A whole message with this start line. A line end in a value becomes a space, so that no value can make a field.
  func encoded(startLine: String, body: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(startLine.utf8.count + fields.count * 48 + body.count + 32)
    SIPHeaders.write(startLine, to: &bytes)
    bytes += [0x0D, 0x0A]
    for field in fields where field.name != "Content-Length" {
      SIPHeaders.write(field.name, to: &bytes)
      bytes += [0x3A, 0x20]
      SIPHeaders.write(field.value, to: &bytes)
      bytes += [0x0D, 0x0A]
    }
    bytes += "Content-Length: \(body.count)\r\n\r\n".utf8
    bytes += body
    return bytes
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    for byte in text.utf8 { bytes.append(byte == 0x0D || byte == 0x0A ? 0x20 : byte) }
  }

  /// Known names are spelled one way, so mostly the first comparison decides.
  private static func isSame(_ left: String, _ right: String) -> Bool {
    left == right || CharacterClass.equal(left, right)
  }
}

extension SIPHeaders: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { append(name, value) }
  }
}
