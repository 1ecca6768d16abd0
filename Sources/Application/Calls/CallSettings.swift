import Codecs
import Primitives
import SIP

/// How the calls behave; a value from the configuration.
package struct CallSettings: Sendable {
  /// The domain of our URIs.
  package var domain: SIPHost
  /// Further names and addresses that are ours.
  package var aliases: [SIPHost] = []
  package var users: [CallUser] = []
  package var digestRealm: String
  /// Callers without an account may call rooms.
  package var admitsGuests = true
  /// Callers who say that they are of our domain are asked for a password even if no such user exists: nobody can find
  /// out who does.
  package var challengesUnknownUsers = true
  /// A REFER or a REST call may dial any URI, routes or not. For tests and demos on loopback.
  package var dialsAnywhere = false
  /// A caller without an account may have us dial a third party by REFER.
  package var guestsMayRefer = false
  /// Best first.
  package var codecs: [CodecFormat]
  package var mediaTransports = ["RTP/AVP", "RTP/AVPF"]
  /// Milliseconds.
  package var packetTime = 20
  package var sessionTimer = SessionTimerPolicy()
  /// Goes into Server and User-Agent.
  package var serverName = "Trialogue"
  package var routes: RouteTable
  package var trunks: [Trunk] = []
  /// The user part of our From when we dial and nobody says otherwise.
  package var outgoingUser = "conference"
  /// Our address for peers that are known by name only.
  package var contactAddress: SIPDestination?
  package var ringTimeout = 30
  package var maximumCalls = 2_000
  package var maximumSubscriptions = 1_000
  package var registrar = RegistrarSettings()
  package var context = ContextPolicy()
  package var widgets = WidgetSettings()
  /// Nil: no TURN servers.
  package var relays: RelaySettings?

  package init(domain: SIPHost, codecs: [CodecFormat], routes: RouteTable, digestRealm: String? = nil) {
    self.domain = domain
    self.codecs = codecs
    self.routes = routes
    self.digestRealm = digestRealm ?? domain.description
  }

  package func isOurs(_ host: SIPHost) -> Bool {
    host.isEquivalent(to: domain) || aliases.contains { $0.isEquivalent(to: host) }
  }

  package func user(_ name: String) -> CallUser? { users.first { $0.name == name } }
}
