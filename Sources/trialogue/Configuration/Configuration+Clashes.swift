import Application
import Primitives
import SIP

extension Configuration {
  /// What contradicts itself although each key alone is right: reported with the section that it stands in.
  func findClashes(_ report: (_ key: String, _ reason: String) -> Void) {
    func twice(_ names: [String]) -> String? {
      var seen: Set<String> = []
      return names.first { !seen.insert($0).inserted }
    }
    let streams = listen.sip.filter { $0.transport != .udp }.map(\.address)
    for (name, address) in [("private", listen.privateListener), ("web", listen.web)] {
      guard let address, streams.contains(address) else { continue }
      report("listen", "\(name) and sip both want TCP \(address); give one of them another port")
    }
    if Set(streams).count < streams.count { report("listen", "a tcp and a tls listener of sip want the same port") }
    if listen.web == listen.privateListener {
      report("listen", "private and web both want TCP \(listen.privateListener); give one of them another port")
    }
    if let first = listen.browserPort {
      let ports = Int(first)..<Int(first) + listen.mediaLoops
      for address in streams + [listen.web, listen.privateListener].compactMap(\.self)
      where ports.contains(Int(address.port)) {
        report("listen", "browser_port wants TCP \(address.port) too, which another key has; give it another port")
      }
    }
    if let pattern = twice(rooms.map(\.pattern)), !pattern.isEmpty {
      report("rooms", "the pattern '\(pattern)' stands here twice; only the first would ever match, remove one")
    }
    for room in rooms {
      if let pin = room.pin, pin == room.moderatorPIN {
        report("rooms", "'\(room.pattern)' has the same pin and moderator_pin; every caller would be a moderator")
      }
      for name in room.moderators where !registrar.users.contains(where: { $0.name == name }) {
        let hint = EditDistance.hint(name, among: registrar.users.map(\.name))
        report("rooms", "'\(room.pattern)': the moderator '\(name)' is no user of registrar.users\(hint)")
      }
    }
    if let name = twice(trunks.map(\.name)), !name.isEmpty { report("trunks", "the name '\(name)' stands here twice") }
    if let name = twice(flows.map(\.name)), !name.isEmpty { report("flows", "the name '\(name)' stands here twice") }
    for flow in flows {
      for hook in flow.hooks where !webhooks.flows.contains(where: { $0.url.covers(hook.address) }) {
        report("flows", "'\(flow.name)' asks \(hook.address), which no entry of webhooks.flows allows")
      }
    }
    for room in rooms {
      guard let name = room.hours, hours[name] == nil else { continue }
      let hint = EditDistance.hint(name, among: hours.keys.sorted())
      report("rooms", "'\(room.pattern)' has the hours '\(name)', which 'hours' does not have\(hint)")
    }
    for line in routes where line.action.hasPrefix("flow ") {
      let name = String(line.action.dropFirst(5))
      guard !flows.contains(where: { $0.name == name }) else { continue }
      let hint = EditDistance.hint(name, among: flows.map(\.name))
      report("routes", "'\(line.match)' leads to the flow '\(name)', which 'flows' does not have\(hint)")
    }
    if let name = twice(web.widgets.map(\.name)), !name.isEmpty {
      report("web", "the widget '\(name)' stands here twice")
    }
    let table = routeTable
    for widget in web.widgets where NamePattern.isPlainName(widget.destination) {
      let uri = SIPURI(user: widget.destination, host: .name(server.domain))
      switch table.target(for: uri) {
      case .room, .entry, .flow, .echo, .announcement: break
      case .reject, .external:
        report(
          "web",
          "the widget '\(widget.name)' leads to '\(widget.destination)', which is no room, flow or service of this server"
        )
      }
    }
    let keyNames = web.tokens.keys.compactMap(\.id)
    if let id = twice(keyNames) { report("web", "two keys of tokens have the id '\(id)'") }
    if let token = twice(api.tokens.map(\.token.value)), !token.isEmpty {
      report("api", "two entries of tokens have the same token; give each a token of its own")
    }
  }
}
