/// The full state of a conference as XML: RFC 4575, section 5.
package enum ConferenceDocument {
  package static let contentType = "application/conference-info+xml"
  /// Members that are listed; of more only the number is told, for a NOTIFY has to fit into a datagram.
  package static let memberLimit = 100

  /// Of the attribute `own`, which marks the subscriber's own entry.
  static let namespace = "urn:trialogue:conference"

  /// `entity` is the conference's URI; `version` counts up within one subscription; `own` is the subscriber's number if it is a
  /// member.
  package static func encode(
    _ state: ConferenceState, entity: String, version: UInt32, own: UInt32? = nil
  ) -> [UInt8] {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
    text += "<conference-info xmlns=\"urn:ietf:params:xml:ns:conference-info\" entity=\"\(escape(entity))\""
    text += " state=\"full\" version=\"\(version)\">\r\n"
    text += "<conference-description><display-text>\(escape(state.room))</display-text></conference-description>\r\n"
    text += "<conference-state><user-count>\(state.members.count)</user-count>"
    text += "<active>\(!state.members.isEmpty)</active></conference-state>\r\n<users>\r\n"
    for member in state.members.prefix(memberLimit) {
      text += "<user entity=\"\(escape(member.uri))\" state=\"full\""
      if member.number == own { text += " t:own=\"true\" xmlns:t=\"\(namespace)\"" }
      text += ">"
      text += "<display-text>\(escape(member.displayName))</display-text>"
      text += "<roles><entry>\(member.role.rawValue)</entry></roles>"
      // Two members may have one URI, so the endpoint has a number of its own.
      text += "<endpoint entity=\"\(escape(member.uri));member=\(member.number)\">"
      text += "<status>\(member.isConnected ? "connected" : "pending")</status>"
      text += "<media id=\"1\"><type>audio</type><src-id>\(member.number)</src-id>"
      text += "<status>\(member.isMuted ? "recvonly" : "sendrecv")</status></media>"
      if member.hasPicture {
        text += "<media id=\"2\"><type>video</type><src-id>\(member.number)</src-id>"
        text += "<status>sendrecv</status></media>"
      }
      text += "</endpoint></user>\r\n"
    }
    text += "</users>\r\n</conference-info>\r\n"
    return Array(text.utf8)
  }

  /// Also drops what XML 1.0 cannot hold.
  static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&apos;"
      default:
        if scalar.value >= 0x20, scalar.value != 0xFFFE, scalar.value != 0xFFFF {
          escaped.unicodeScalars.append(scalar)
        }
      }
    }
    return escaped
  }
}
