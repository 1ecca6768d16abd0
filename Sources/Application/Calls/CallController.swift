import Conference
import Logging
import Primitives
import SIP

/// All calls of the server: the transaction user of RFC 3261, section 17, and what drives calls between SIP and rooms.
///
/// The actor may run other work wherever it waits. So each matter first changes the tables and speaks to the wire without
/// waiting, and tells rooms and listeners last; what has waited looks its call up again.
package actor CallController: SignallingUser {
  var settings: CallSettings
  var planner: MediaPlanner
  let media: any MediaPlane
  let reception: any Reception
  let hub: EventHub
  let clock: any Timekeeping
  let logger: Logger
  let registrations: Registrations
  var random: RandomSource
  /// Set once the wire exists; until then nobody calls.
  var front: (any SignallingPlane)?
  var isDraining = false

  // MARK: Calls

  /// Every call by its identifier; ended ones stay a while for who asks.
  var table: [String: Call] = [:]
  /// By Call-ID and our tag; the peer's tag is left out, for it comes later.
  var dialogs: [DialogID: String] = [:]
  var legs: [LegID: String] = [:]
  /// INVITEs of strangers that have no call yet.
  var arrivals: [ServerTransactionID: Arrival] = [:]
  /// INVITEs that have no final response yet, by the call that they began.
  var unanswered: [ServerTransactionID: String] = [:]
  /// Legs of dialled calls that are being opened.
  var openings: Set<LegID> = []
  var purposes: [ClientTransactionID: ClientPurpose] = [:]
  /// Ended calls in the order of their end.
  var finished: [(call: String, until: Instant)] = []
  var subscriptions: [DialogID: ConferenceSubscription] = [:]
  /// Who wants to know of a dialled call, by that call.
  var referrals: [String: Referral] = [:]

  // MARK: Strangers

  var verifier: DigestVerifier
  var failedLogins = FailedLogins()
  var recent = RecentRequests()
  var traffic = WidgetTraffic()
  /// When each kind of `limit` event was last told, so that a flood makes no flood of events.
  var limitsTold: [String: Instant] = [:]

  /// Lines of chat that may still be passed on.
  var chatDeliveries = CallController.chatDeliveries

  // MARK: Time and work under way

  var alarms = DeadlineQueue<Alarm>()
  /// The entry of each alarm in the queue that counts.
  var alarmed: [Alarm: Instant] = [:]
  var timer: (at: Instant, task: Task<Void, Never>)?
  let keepsTime: Bool
  private var lastIdentifier: UInt64 = 0
  private var underWay: [UInt64: Task<Void, Never>] = [:]

  /// Ended calls that can still be asked for.
  static let finishedLimit = 1_000
  static let finishedLifetime = Duration.seconds(600)

  /// - Parameters:
  ///   - random: makes tags, Call-IDs and nonces; seeded in tests.
  ///   - keepsTime: false if the owner calls `timeout(at:)` itself, as tests do.
  package init(
    settings: CallSettings, media: any MediaPlane, reception: any Reception, routes: RouteTable, hub: EventHub,
    clock: any Timekeeping, logger: Logger, random: RandomSource = .system, keepsTime: Bool = true
  ) {
    var settings = settings
    settings.routes = routes
    var random = random
    self.settings = settings
    self.planner = MediaPlanner(
      codecs: settings.codecs, transports: settings.mediaTransports, packetTime: settings.packetTime)
    self.media = media
    self.reception = reception
    self.hub = hub
    self.clock = clock
    self.logger = logger
    self.registrations = Registrations(hub: hub)
    self.verifier = DigestVerifier(realm: settings.digestRealm, random: &random)
    self.random = random
    self.keepsTime = keepsTime
  }

  package func connect(_ front: any SignallingPlane) { self.front = front }

  /// Refuses what is new from now on; what is there goes on.
  package func drain() { isDraining = true }

  /// Takes new settings for what comes; calls that are there keep what they agreed.
  package func reload(_ settings: CallSettings, routes: RouteTable) {
    if settings.digestRealm != self.settings.digestRealm {
      verifier = DigestVerifier(realm: settings.digestRealm, random: &random)
    }
    self.settings = settings
    self.settings.routes = routes
    planner = MediaPlanner(
      codecs: settings.codecs, transports: settings.mediaTransports, packetTime: settings.packetTime)
  }

  package func receive(_ event: SignallingEvent) async {
    switch event {
    case .request(let request, let transaction, let source): await receive(request, in: transaction, from: source)
    case .acknowledged(let request, _): await acknowledged(request)
    case .cancelled(let transaction): await cancelled(transaction)
    case .response(let response, let id): await receive(response, id)
    case .failed(let id, let failure): await failed(id, failure)
    }
  }

  private func receive(
    _ request: SIPRequest, in transaction: ServerTransactionID, from source: SIPSource
  ) async {
    if let refusal = Abilities.validation.check(request) {
      var response = reply(refusal.status, refusal.reason, to: request)
      for header in refusal.headers { response.headers.append(header.name, header.value) }
      front?.respond(response, in: transaction)
    } else if let dialog = DialogID(incoming: request) {
      await receive(request, within: dialog, in: transaction)
    } else {
      await receiveNew(request, in: transaction, from: source)
    }
  }

  /// A request outside of any dialog.
  private func receiveNew(
    _ request: SIPRequest, in transaction: ServerTransactionID, from source: SIPSource
  ) async {
    switch request.method {
    case .invite: await arrive(request, in: transaction, from: source)
    case .options: options(request, in: transaction)
    case .register: await register(request, in: transaction, from: source)
    case .subscribe: await subscribe(request, in: transaction, from: source)
    case .refer: await referOutside(request, in: transaction, from: source)
    case .message: await chatOutside(request, in: transaction, from: source)
    // What belongs into a dialog names none, or is no method that `Abilities` lists.
    case _: refuse(request, in: transaction, 481)
    }
  }

  // MARK: Work under way

  /// Runs what waits for others without holding up what comes next.
  func start(_ work: @escaping @Sendable (isolated CallController) async -> Void) {
    let id = identifier()
    underWay[id] = Task {
      await work(self)
      underWay[id] = nil
    }
  }

  /// Returns when all work that was started is done.
  package func settle() async {
    while let task = underWay.values.first { await task.value }
  }

  // MARK: Names

  func identifier() -> UInt64 {
    lastIdentifier += 1
    return lastIdentifier
  }

  func transaction(for purpose: ClientPurpose) -> ClientTransactionID {
    let id = ClientTransactionID(rawValue: identifier())
    purposes[id] = purpose
    return id
  }

  static func key(_ dialog: DialogID) -> DialogID {
    DialogID(callID: dialog.callID, localTag: dialog.localTag, remoteTag: "")
  }

  // MARK: Answers

  func reply(_ status: Int, _ reason: String? = nil, to request: SIPRequest, tag: String? = nil) -> SIPResponse {
    var response = SIPResponse(status: status, reason: reason, to: request, toTag: tag ?? random.token(16))
    response.headers.append("Server", settings.serverName)
    return response
  }

  /// A 200 that needs no more.
  func accept(_ request: SIPRequest, in transaction: ServerTransactionID) {
    front?.respond(reply(200, to: request), in: transaction)
  }

  func refuse(
    _ request: SIPRequest, in transaction: ServerTransactionID, _ status: Int, _ reason: String? = nil,
    headers: [(name: String, value: String)] = []
  ) {
    var response = reply(status, reason, to: request)
    for header in headers { response.headers.append(header.name, header.value) }
    front?.respond(response, in: transaction)
  }
}
