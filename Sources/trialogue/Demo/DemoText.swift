import Application
import Primitives
import SIP

/// What the demo prints.
enum DemoText {
  static func welcome(_ configuration: Configuration, isPublic: Bool, keys: Bool) -> String {
    let listeners = configuration.listen.sip
    let address = listeners.first.map { told($0.address, configuration) } ?? "127.0.0.1"
    let transports = listeners.map { "\($0.transport.rawValue) port \($0.address.port)" }
    let open = configuration.rooms.filter { $0.pin == nil }.map(\.pattern)
    var lines = [
      "", "Trialogue \(ServerInstance.version) is ready. Point a SIP phone here (no account needed) and dial:", "",
      row(
        "sip:\(rooms(configuration).first ?? "3000")@\(address)", "a room; rooms are \(open.joined(separator: ", "))"),
    ]
    for room in configuration.rooms {
      guard let pin = room.pin else { continue }
      let moderator = room.moderatorPIN.map { ", moderator \($0)" } ?? ""
      lines.append(row("sip:\(first(of: room.pattern))@\(address)", "rooms \(room.pattern), PIN \(pin)\(moderator)"))
    }
    lines += [
      row("sip:5000@\(address)", "the voice entry: asks for the room's number"),
      row("sip:9196@\(address)", "echo test"), row("sip:9197@\(address)", "an announcement"), "",
      row("SIP", transports.joined(separator: ", ")),
    ]
    if let web = configuration.listen.web {
      lines.append(row("SIP over WebSocket", "wss://\(DemoText.host(web, configuration)):\(web.port)/sip"))
    }
    lines += [
      row("pages", "http://\(configuration.listen.privateListener)/ (console), /desk, /demo/shop"),
      row("REST, metrics", "http://\(configuration.listen.privateListener)/api/v1/rooms, /metrics"),
      row("recordings", configuration.recording.directory + "/"), "",
      isPublic
        ? "  Open to your network: whoever reaches this machine can call."
        : "  Only this machine can call; --public opens it.",
      "",
    ]
    if keys { lines.append(self.keys(rooms(configuration).first ?? "3000") + "\n") }
    return lines.joined(separator: "\n")
  }

  static func keys(_ room: String) -> String {
    "  Keys: t a talking test caller joins room \(room) · x one leaves · 0–9 choose room 300x · r record · q end"
  }

  /// Names of rooms that can be dialled without a PIN: the first of each pattern.
  static func rooms(_ configuration: Configuration) -> [String] {
    configuration.rooms.filter { $0.pin == nil }.map { first(of: $0.pattern) }
  }

  /// An event for people; nil for those that only programs need.
  static func line(_ event: ServerEvent) -> String? {
    func value(_ name: String) -> String { Printable.text(event.values[name] ?? "") }
    switch event.name {
    case "conf-join": return "→ \(value("name")) is in room \(value("room"))"
    case "conf-leave": return "← \(value("name")) has left room \(value("room"))"
    case "alert", "error", "limit": return "! \(event.name): \(value("reason"))"
    default: return nil
    }
  }

  /// A name that fits the pattern.
  private static func first(of pattern: String) -> String {
    let start = pattern.split(separator: "-").first.map(String.init) ?? pattern
    return start.replacing("*", with: "0").replacing("?", with: "0")
  }

  /// What a listener is called from outside.
  private static func told(_ address: TransportAddress, _ configuration: Configuration) -> String {
    var address = address
    if address.ip.isUnspecified { address.ip = configuration.server.publicAddress ?? .loopbackV4 }
    return address.port == 5_060 ? "\(address.ip)" : "\(address)"
  }

  private static func host(_ address: TransportAddress, _ configuration: Configuration) -> String {
    address.ip.isLoopback ? "localhost" : configuration.server.publicAddress.map { "\($0)" } ?? "\(address.ip)"
  }

  private static func row(_ name: String, _ text: String) -> String {
    "  \(name)" + String(repeating: " ", count: max(2, 28 - name.count)) + text
  }
}
