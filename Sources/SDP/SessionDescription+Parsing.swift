/// RFC 8866, section 9, read leniently: any line ending, missing or unknown lines, lines out of order.
extension SessionDescription {
  package init(parsing text: String) throws(SDPParseError) { try self.init(parsing: Array(text.utf8)) }

  package init(parsing bytes: [UInt8]) throws(SDPParseError) {
    guard bytes.count <= SDPLimits.size else {
      throw SDPParseError(line: 0, reason: "Longer than \(SDPLimits.size) octets")
    }
    self.init(origin: Origin(parsing: ""))
    timing = []
    var reading = Reading()
    var start = 0
    var number = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
      let range = start..<end
      let isPair = end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A
      start = end + (isPair ? 2 : 1)
      number += 1
      guard number <= SDPLimits.lines else {
        throw SDPParseError(line: number, reason: "More than \(SDPLimits.lines) lines")
      }
      if range.isEmpty { continue }
      reading.number = number
      try read(bytes[range], &reading)
    }
    guard reading.hasVersion else { throw SDPParseError(line: 0, reason: "No v= line") }
    if timing.isEmpty { timing = [TimeDescription()] }
  }

  /// Where the parser is and what it has counted.
  private struct Reading {
    var number = 0
    var hasVersion = false
    var attributes = 0
    var repeated = 0

    func error(_ reason: String) -> SDPParseError { SDPParseError(line: number, reason: reason) }

    mutating func countRepeated() throws(SDPParseError) {
      repeated += 1
      if repeated > SDPLimits.repeatedLines { throw error("More than \(SDPLimits.repeatedLines) repeated lines") }
    }
  }

  private mutating func read(_ line: ArraySlice<UInt8>, _ reading: inout Reading) throws(SDPParseError) {
    // What is no line of SDP (comments, junk) is passed over like unknown letters.
    guard line.count >= 2, line[line.startIndex + 1] == 0x3D else { return }
    let type = line[line.startIndex]
    var octets = line.dropFirst(2)
    while let last = octets.last, last == 0x20 || last == 0x09 { octets.removeLast() }
    let value = String(decoding: octets, as: UTF8.self)
    guard reading.hasVersion || type == UInt8(ascii: "v") else { throw reading.error("The first line is not v=") }
    switch type {
    case UInt8(ascii: "v"):
      // 0 is the only version there is (section 5.1); who writes another one means the same.
      guard let number = UInt8(value) else { throw reading.error("v= line cannot be read") }
      version = Int(number)
      reading.hasVersion = true
    case UInt8(ascii: "m"):
      guard media.count < SDPLimits.mediaSections else {
        throw reading.error("More than \(SDPLimits.mediaSections) media sections")
      }
      guard let section = MediaDescription(parsing: value) else { throw reading.error("m= line cannot be read") }
      guard section.formats.count <= SDPLimits.formats else {
        throw reading.error("More than \(SDPLimits.formats) formats")
      }
      media.append(section)
    case UInt8(ascii: "a"):
      reading.attributes += 1
      guard reading.attributes <= SDPLimits.attributes else {
        throw reading.error("More than \(SDPLimits.attributes) attributes")
      }
      if let attribute = SessionDescription.attribute(octets) { append(attribute) }
    case UInt8(ascii: "c"):
      try reading.countRepeated()
      guard let parsed = Connection(parsing: value) else { throw reading.error("c= line cannot be read") }
      if media.isEmpty { connection = parsed } else { media[media.count - 1].connections.append(parsed) }
    case UInt8(ascii: "b"):
      try reading.countRepeated()
      // A bandwidth that cannot be read is no reason to refuse a call.
      guard let parsed = Bandwidth(parsing: value) else { return }
      if media.isEmpty { bandwidth.append(parsed) } else { media[media.count - 1].bandwidth.append(parsed) }
    case UInt8(ascii: "i"):
      if media.isEmpty { information = value } else { media[media.count - 1].title = value }
    case UInt8(ascii: "k"):
      if media.isEmpty { key = value } else { media[media.count - 1].key = value }
    default:
      // Session lines behind the first m= line are out of place and mean nothing.
      if media.isEmpty { try readSessionLine(type, value, &reading) }
    }
  }

  private mutating func readSessionLine(
    _ type: UInt8, _ value: String, _ reading: inout Reading
  ) throws(SDPParseError) {
    switch type {
    case UInt8(ascii: "o"): origin = Origin(parsing: value)
    case UInt8(ascii: "s"): sessionName = value
    case UInt8(ascii: "u"): uri = value
    case UInt8(ascii: "z"): zones = value
    case UInt8(ascii: "e"):
      try reading.countRepeated()
      emails.append(value)
    case UInt8(ascii: "p"):
      try reading.countRepeated()
      phones.append(value)
    case UInt8(ascii: "t"):
      try reading.countRepeated()
      timing.append(TimeDescription(value))
    case UInt8(ascii: "r"):
      try reading.countRepeated()
      if !timing.isEmpty { timing[timing.count - 1].repeats.append(value) }
    default: break  // Unknown letters are ignored: RFC 8866, section 5.
    }
  }

  private mutating func append(_ attribute: SDPAttribute) {
    if media.isEmpty {
      attributes.fields.append(attribute)
    } else {
      media[media.count - 1].attributes.fields.append(attribute)
    }
  }

  private static func attribute(_ octets: ArraySlice<UInt8>) -> SDPAttribute? {
    guard let first = octets.first, first != 0x3A else { return nil }
    guard let colon = octets.firstIndex(of: 0x3A) else {
      return SDPAttribute(String(decoding: octets, as: UTF8.self))
    }
    // Spaces behind the colon are no part of any value that we know.
    let value = octets[(colon + 1)...].drop { $0 == 0x20 }
    return SDPAttribute(
      String(decoding: octets[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
  }
}
