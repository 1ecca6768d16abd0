extension SIPHeaders {
  /// The values with this name; where the header's grammar is a list, those between commas are told apart. Commas in
  /// quotes and angle brackets do not split; empty entries are left out.
  package func list(_ name: String) -> [String] {
    let canonical = HeaderName.canonical(name)
    let values = all(canonical)
    return HeaderName.isList(canonical) ? values.flatMap { SIPHeaders.split($0) } : values
  }

  static func split(_ value: String) -> [String] {
    let bytes = Array(value.utf8)
    if !bytes.contains(UInt8(ascii: ",")) {
      let trimmed = CharacterClass.trimmed(bytes[...])
      return trimmed.isEmpty ? [] : [String(decoding: trimmed, as: UTF8.self)]
    }
    var parts: [String] = []
    var start = 0
    var index = 0
    var isQuoted = false
    var isBracketed = false
    func take(upTo end: Int) {
      let part = CharacterClass.trimmed(bytes[start..<end])
      if !part.isEmpty { parts.append(String(decoding: part, as: UTF8.self)) }
    }
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\\") where isQuoted: index += 1
      case UInt8(ascii: "\"") where !isBracketed: isQuoted.toggle()
      case UInt8(ascii: "<") where !isQuoted: isBracketed = true
      case UInt8(ascii: ">") where !isQuoted: isBracketed = false
      case UInt8(ascii: ",") where !isQuoted && !isBracketed:
        take(upTo: index)
        start = index + 1
      default: break
      }
      index += 1
    }
    take(upTo: bytes.count)
    return parts
  }
}
