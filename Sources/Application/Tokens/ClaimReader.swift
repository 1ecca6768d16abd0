/// Reads the JSON objects of a token (RFC 8259) strictly: a name that stands twice, bad UTF-8 or anything after the object
/// is no object (RFC 7519, section 4). The token's own length bounds what comes; depth and members are bounded here.
package struct ClaimReader {
  private static let depthLimit = 4
  /// Members of one object, values of one list.
  private static let memberLimit = 64
  /// Whole numbers up to here are exact in every program that may have written them.
  private static let numberLimit = 9_007_199_254_740_992.0

  private let octets: [UInt8]
  private var index = 0

  private init(_ octets: [UInt8]) { self.octets = octets }

  /// Nil if it is no JSON object.
  package static func object(in octets: [UInt8]) -> [String: ClaimValue]? {
    var reader = ClaimReader(octets)
    guard let value = reader.value(depth: 0), reader.next() == nil else { return nil }
    return value.object
  }

  /// The next octet that is no white space, not yet taken.
  private mutating func next() -> UInt8? {
    while index < octets.count, [0x20, 0x09, 0x0A, 0x0D].contains(octets[index]) { index += 1 }
    return index < octets.count ? octets[index] : nil
  }

  private mutating func take(_ sign: Unicode.Scalar) -> Bool {
    guard next() == UInt8(ascii: sign) else { return false }
    index += 1
    return true
  }

  private mutating func value(depth: Int) -> ClaimValue? {
    guard depth < ClaimReader.depthLimit, let first = next() else { return nil }
    switch first {
    case UInt8(ascii: "{"): return object(depth: depth).map { .object($0) }
    case UInt8(ascii: "["): return list(depth: depth).map { .list($0) }
    case UInt8(ascii: "\""): return string().map { .text($0) }
    case UInt8(ascii: "-"), 0x30...0x39: return number().map { .number($0) }
    default: return ["true", "false", "null"].contains { word($0) } ? .other : nil
    }
  }

  private mutating func object(depth: Int) -> [String: ClaimValue]? {
    index += 1
    var members: [String: ClaimValue] = [:]
    if take("}") { return members }
    repeat {
      guard next() == UInt8(ascii: "\""), members.count < ClaimReader.memberLimit, let name = string(),
        members[name] == nil, take(":"), let value = value(depth: depth + 1)
      else { return nil }
      members[name] = value
    } while take(",")
    return take("}") ? members : nil
  }

  private mutating func list(depth: Int) -> [ClaimValue]? {
    index += 1
    var values: [ClaimValue] = []
    if take("]") { return values }
    repeat {
      guard values.count < ClaimReader.memberLimit, let value = value(depth: depth + 1) else { return nil }
      values.append(value)
    } while take(",")
    return take("]") ? values : nil
  }

  private mutating func word(_ word: String) -> Bool {
    guard octets[index...].starts(with: word.utf8) else { return false }
    index += word.utf8.count
    return true
  }

  private mutating func string() -> String? {
    index += 1
    var text: [UInt8] = []
    while index < octets.count {
      let octet = octets[index]
      index += 1
      switch octet {
      case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escaped() else { return nil }
        text += Array(String(scalar).utf8)
      case 0..<0x20: return nil
      default: text.append(octet)
      }
    }
    return nil
  }

  /// What follows a backslash; characters beyond the first plane come as two (section 7).
  private mutating func escaped() -> Unicode.Scalar? {
    guard index < octets.count else { return nil }
    let sign = octets[index]
    index += 1
    switch sign {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(sign)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: return nil
    }
    guard let first = unit() else { return nil }
    guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
    guard octets[index...].starts(with: "\\u".utf8) else { return nil }
    index += 2
    guard let second = unit(), (0xDC00..<0xE000).contains(second) else { return nil }
    return Unicode.Scalar(0x1_0000 + (first - 0xD800) << 10 + (second - 0xDC00))
  }

  /// Four hexadecimal digits.
  private mutating func unit() -> UInt32? {
    let digits = octets[index...].prefix(4)
    guard digits.count == 4 else { return nil }
    index += 4
    var unit: UInt32 = 0
    for digit in digits {
      guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
      unit = unit << 4 | UInt32(value)
    }
    return unit
  }

  private mutating func number() -> Int64? {
    let start = index
    if octets[index] == UInt8(ascii: "-") { index += 1 }
    let whole = digits()
    // No zero goes before other digits.
    guard whole > 0, whole == 1 || octets[index - whole] != UInt8(ascii: "0") else { return nil }
    if index < octets.count, octets[index] == UInt8(ascii: ".") {
      index += 1
      guard digits() > 0 else { return nil }
    }
    if index < octets.count, octets[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < octets.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(octets[index]) { index += 1 }
      guard digits() > 0 else { return nil }
    }
    guard let number = Double(String(decoding: octets[start..<index], as: UTF8.self)),
      abs(number) <= ClaimReader.numberLimit
    else { return nil }
    return Int64(number)
  }

  private mutating func digits() -> Int {
    let start = index
    while index < octets.count, (0x30...0x39).contains(octets[index]) { index += 1 }
    return index - start
  }
}
