import Primitives
import SIP

/// Whom we may dial, and which way: only where a route allows it (toll fraud, misuse of REFER).
extension CallController {
  func plan(for uri: SIPURI) async throws(ControlError) -> DialPlan {
    var uri = uri
    uri.headers = SIPURIHeaders()
    uri.parameters["method"] = nil
    let isOurs = settings.isOurs(uri.host)
    let target = settings.routes.target(for: uri)
    if case .reject(403, let reason) = target { throw ControlError(.forbidden, reason, field: "uri") }
    if isOurs, let user = uri.user, settings.user(user) != nil {
      guard let binding = await registrations.contacts(of: user, at: clock.now).first else {
        throw ControlError(.unavailable, "User '\(user)' is not registered now", field: "uri")
      }
      return DialPlan(
        uri: binding.contact, called: SIPURI(user: user, host: settings.domain),
        destination: SIPDestination(
          transport: binding.source.transport, address: binding.source.remote, flow: binding.source.flow))
    }
    let isRouted = if case .external = target { true } else { false }
    guard isRouted || settings.dialsAnywhere else {
      throw ControlError(
        .forbidden, "No route allows to dial \(uri): add one with the action 'dial' to the configuration's 'routes'",
        field: "uri")
    }
    if let trunk = settings.trunks.first(where: { $0.host.isEquivalent(to: uri.host) })
      ?? (isOurs ? settings.trunks.first : nil)
    {
      uri.host = trunk.host
      uri.port = trunk.port
      if let transport = trunk.transport { uri.parameters["transport"] = transport.uriParameter }
      return DialPlan(uri: uri, destination: trunk.destination, trunk: trunk)
    }
    return DialPlan(uri: uri)
  }

  /// RFC 3263, section 4.1, without NAPTR.
  static func transport(of uri: SIPURI) -> SIPTransport { uri.scheme == .sips ? .tls : uri.transport ?? .udp }

  /// Where a plan leads if that can be said without a look-up of names.
  func destination(of plan: DialPlan) -> SIPDestination? {
    if let destination = plan.destination { return destination }
    guard let ip = plan.uri.host.address else { return nil }
    let transport = CallController.transport(of: plan.uri)
    return SIPDestination(
      transport: transport, address: TransportAddress(ip, port: plan.uri.port ?? transport.defaultPort))
  }
}
