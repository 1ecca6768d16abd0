import Primitives
import Runtime
import SIP
import SecureRTP

/// What the callers' thread owns and does. Made and used on that thread only.
///
/// A beat: sleep to the deadline → commands → send what is due in this slot of the 20 ms → read the sockets → SIP's timers.
struct CallerBody: ~Copyable {
  /// After a stall longer than this the beat starts anew: what was missed is dropped, never caught up with a burst.
  static let longestStall: Int64 = 100_000_000
  /// How long a stopped loop waits for the answers to its BYEs.
  static let longestFarewell: Int64 = 3_000_000_000
  static let sipToken = UInt64.max

  let settings: CallerSettings
  let mailbox: Mailbox<CallerCommand>
  let events: AsyncStream<CallerEvent>.Continuation
  var agent: CallAgent?
  let sip: UDPSocket
  var readiness: Readiness
  var receiveBatch = ReceiveBatch()
  var sendBatch = SendBatch()
  var buffer = Array(repeating: UInt8(0), count: SendBatch.capacity * 2_048)
  var ports: [CallerPort] = []
  var streams: [CallerStream?] = []
  var streamIndex: [CallerID: Int] = [:]
  /// The port of each stream.
  var streamPort: [Int] = []
  /// Of each stream; nil for a phone's.
  var browsers: [BrowserSide?] = []
  /// Nil without a certificate.
  let dtls: DTLSContext?
  /// Where browsers' packets are decrypted.
  var scratch = Array(repeating: UInt8(0), count: 2_048)
  /// Orders whose calls have no answer yet.
  var placed: [CallerID: PlacedOrder] = [:]
  /// Why we are hanging up on our own account.
  var causes: [CallerID: CallEnding] = [:]
  /// Orders and hang-ups whose time has not come.
  var agenda = Agenda()
  var messages: [CallerCommand] = []
  var random: RandomSource
  var window = LoadWindow()
  /// Callers that were given the newest port.
  var lastPortUsers = 0
  var beat = 0

  init(
    _ settings: CallerSettings, mailbox: Mailbox<CallerCommand>, events: AsyncStream<CallerEvent>.Continuation,
    random: RandomSource
  ) throws(SystemError) {
    self.settings = settings
    self.mailbox = mailbox
    self.events = events
    var random = random
    let sip = try UDPSocket(
      boundTo: TransportAddress(settings.local, port: 0), receiveBuffer: 4 << 20, sendBuffer: 1 << 20)
    if let server = settings.server, let local = settings.webSocket?.local ?? sip.localAddress {
      agent = CallAgent(
        local: local, server: server, transport: settings.webSocket == nil ? .udp : .ws,
        credentials: settings.credentials, random: .seeded(random.next()))
    } else {
      agent = nil
    }
    var readiness = try Readiness()
    _ = readiness.add(sip, token: CallerBody.sipToken)
    self.readiness = readiness
    self.sip = sip
    self.random = random
    dtls = settings.certificate.flatMap { try? DTLSContext($0) }
  }

  /// The thread's life.
  mutating func run() {
    RuntimeThread.schedule(.fair(slice: .microseconds(100)))
    let slots = max(1, min(settings.slots, 20))
    let period = 20_000_000 / Int64(slots)
    var deadline = MonotonicClock.now.advanced(byNanoseconds: period)
    var farewell: Instant?
    while true {
      MonotonicClock.sleep(until: deadline)
      let now = MonotonicClock.now
      let late = now.nanoseconds(since: deadline)
      window.recordLateness(late)
      if applyCommands(at: now) { farewell = now.advanced(byNanoseconds: CallerBody.longestFarewell) }
      workAgenda(at: now)
      send(slot: beat % slots, of: slots, at: now)
      receive(at: now)
      if let due = agent?.deadline, due <= now { agent?.timeout(at: now) }
      drainAgent(at: now)
      if window.isDue(at: MonotonicClock.wallTime) { closeWindow() }
      if let farewell, now >= farewell || agent?.isIdle ?? true { break }
      beat &+= 1
      deadline =
        late > CallerBody.longestStall
        ? now.advanced(byNanoseconds: period) : deadline.advanced(byNanoseconds: period)
    }
    settings.webSocket?.close()
    events.finish()
  }

  /// Returns true for the command to stop.
  private mutating func applyCommands(at now: Instant) -> Bool {
    var messages = messages
    self.messages = []
    mailbox.collect(into: &messages)
    var isStopping = false
    for message in messages {
      switch message {
      case .place(let orders, let interval): agenda.add(orders, interval: interval, at: now)
      case .say(let id, let voice, let talk):
        if let index = streamIndex[id] { streams[index]?.say(voice, talk) }
      case .hangUp(let ids, let interval): agenda.hangUp(ids, interval: interval, at: now)
      case .take(let id): take(id)
      case .openWindow(let duration, let sampled, let keeps):
        openWindow(duration: duration, sampled: sampled, keeps: keeps)
      case .stop:
        isStopping = true
        agenda = Agenda()
        for id in Array(streamIndex.keys) + Array(placed.keys) { hangUp(id, at: now) }
      }
    }
    messages.removeAll(keepingCapacity: true)
    self.messages = messages
    return isStopping
  }

  private mutating func workAgenda(at now: Instant) {
    while let item = agenda.next(at: now) {
      switch item {
      case .place(let order): place(order, at: now)
      case .hangUp(let id): hangUp(id, at: now)
      }
    }
  }

  private mutating func take(_ id: CallerID) {
    guard let index = streamIndex[id] else { return }
    events.yield(.taken(id, streams[index]?.kept ?? []))
    streams[index]?.kept = []
  }
}
