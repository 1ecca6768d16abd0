/// An `m=` section: RFC 8866, section 5.14.
package struct MediaDescription: Hashable, Sendable {
  /// `audio`, `video`, `application` …
  package var media: String
  /// 0: refused or ended.
  package var port: UInt16
  /// Of the rare `port/count`.
  package var portCount: Int?
  /// `RTP/AVP`, `UDP/TLS/RTP/SAVPF` …
  package var transport: String
  /// Payload type numbers for RTP.
  package var formats: [String]
  package var title: String?
  package var connections: [Connection]
  package var bandwidth: [Bandwidth]
  package var key: String?
  package var attributes: AttributeList

  package init(
    media: String, port: UInt16, portCount: Int? = nil, transport: String, formats: [String],
    attributes: AttributeList = AttributeList()
  ) {
    self.media = media
    self.port = port
    self.portCount = portCount
    self.transport = transport
    self.formats = formats
    self.title = nil
    self.connections = []
    self.bandwidth = []
    self.key = nil
    self.attributes = attributes
  }

  /// `audio 49170/2 RTP/AVP 0 8`; nil without media, port and transport.
  init?(parsing value: String) {
    let parts = value.split { $0 == " " || $0 == "\t" }
    guard parts.count >= 3 else { return nil }
    let ports = parts[1].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = ports.first, first.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = UInt16(first)
    else { return nil }
    var count: Int?
    if ports.count == 2 {
      guard let number = Int(ports[1]), (1...65_535).contains(number) else { return nil }
      count = number
    }
    self.init(
      media: String(parts[0]), port: port, portCount: count, transport: String(parts[2]),
      formats: parts.dropFirst(3).map(String.init))
  }

  var line: String {
    var line = "\(media) \(port)"
    if let portCount { line += "/\(portCount)" }
    line += " \(transport)"
    for format in formats { line += " \(format)" }
    return line
  }
}
