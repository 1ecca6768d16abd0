/// One file of the pages with what is told about it.
package struct PageFile: Sendable, Hashable {
  package var octets: [UInt8]
  /// Content-Type.
  package var type: String
  /// Entity tag, RFC 9110, section 8.8.3: changes with the content.
  package var tag: String

  init(octets: [UInt8], type: String) {
    self.octets = octets
    self.type = type
    // FNV-1a: the tag tells versions of a file apart, it guards nothing.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for octet in octets { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01B3 }
    tag = "\"\(String(hash, radix: 16))-\(octets.count)\""
  }

  /// The Content-Type by the ending of a name; nil for files that are not served.
  static func type(of name: String) -> String? {
    switch name.split(separator: ".").last {
    case "html": "text/html; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "svg": "image/svg+xml"
    case "png": "image/png"
    case "webp": "image/webp"
    default: nil
    }
  }
}
