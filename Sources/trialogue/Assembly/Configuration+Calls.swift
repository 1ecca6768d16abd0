import Application
import Codecs
import Primitives
import SIP
import WebFront

/// The configuration in the words of the calls, and of those who may control them.
extension Configuration {
  var callSettings: CallSettings {
    let formats = codecs.allowed.flatMap { name in
      CodecTable.rows.filter { $0.format.codec == name }.map(\.format)
    }
    var settings = CallSettings(
      domain: SIPHost(server.domain) ?? .name("localhost"), codecs: formats, routes: RouteTable(rooms: []))
    settings.aliases = server.publicAddress.map { [.address($0)] } ?? []
    settings.users = registrar.users.map {
      CallUser(name: $0.name, password: $0.password.value, codecs: $0.codecs)
    }
    // Where nobody has a password there is nothing to find out, and nobody could answer the challenge.
    settings.challengesUnknownUsers = !registrar.users.isEmpty
    settings.admitsGuests = registrar.guests
    settings.maximumCalls = limits.members
    settings.widgets = widgetSettings
    settings.relays = relaySettings
    settings.trunks = trunks.map { trunk in
      Trunk(
        name: trunk.name, host: trunk.host, port: trunk.port, transport: trunk.transport,
        realm: trunk.realm ?? trunk.host.description, username: trunk.username, password: trunk.password,
        codecs: trunk.codecs)
    }
    // Nobody outside this machine can have us dial then: the demo, and tests.
    let addresses = listen.sip.map(\.address) + [listen.privateListener] + (listen.web.map { [$0] } ?? [])
    settings.dialsAnywhere = routes.isEmpty && trunks.isEmpty && addresses.allSatisfy(\.ip.isLoopback)
    return settings
  }

  /// `isPrivate`: only those who may reach the listener do reach it.
  func access(isPrivate: Bool) -> Access {
    let roles = api.tokens.map { line in
      (line.token.value, Access.Role.allCases.first { "\($0)" == line.role } ?? .viewer)
    }
    return Access(tokens: Dictionary(roles, uniquingKeysWith: max), trustsCallers: isPrivate)
  }
}
