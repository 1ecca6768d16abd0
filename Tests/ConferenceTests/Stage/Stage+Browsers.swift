import Codecs
import Conference
import ICE
import Primitives
import SecureRTP

extension Stage {
  /// The server's certificate, and the credentials of the browsers' legs.
  struct Server {
    let certificate: DTLSCertificate
    let context: DTLSContext
    var random = RandomSource.seeded(4_711)

    init() throws {
      certificate = try DTLSCertificate.selfSigned()
      context = try DTLSContext(certificate)
    }
  }

  /// A member joins by WebRTC: its leg is opened, its offer answered, and the browser begins to look for a way.
  /// - Parameter announced: what its session description says of its certificate, if not the truth.
  @discardableResult
  func joinBrowser(
    _ member: VirtualMember, of server: inout Server, role: DTLSRole = .client, announced: [Fingerprint]? = nil
  ) throws -> VirtualBrowser {
    let credentials = ICECredentials(random: &server.random)
    let browser = try VirtualBrowser(
      at: member.address, remote: credentials, server: server.certificate.fingerprint, role: role,
      seed: member.leg.rawValue)
    member.browser = browser
    adopt(member)
    member.begin(at: now)
    room.addLeg(member.leg, access: WebRTCAccess(credentials: credentials, dtls: server.context), at: now)
    member.plan.security = .dtls(
      DTLSPlan(
        remoteCredentials: browser.local, fingerprints: announced ?? [browser.certificate.fingerprint],
        isClient: role == .server))
    // As in the session descriptions of those who trickle.
    member.plan.remote = TransportAddress(.anyV4, port: 9)
    agree(member)
    apply(.admit(member.leg))
    return browser
  }

  /// The browser is somewhere else and begins ICE anew, by a re-INVITE.
  func restart(_ member: VirtualMember, at address: TransportAddress, of server: inout Server) {
    guard let browser = member.browser, case .dtls(var plan) = member.plan.security else { return }
    let credentials = ICECredentials(random: &server.random)
    browser.renewCredentials()
    plan.localCredentials = credentials
    plan.remoteCredentials = browser.local
    member.plan.security = .dtls(plan)
    agree(member)
    browser.restart(at: address, remote: credentials, at: now)
  }
}
