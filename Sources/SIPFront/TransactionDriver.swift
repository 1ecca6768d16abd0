import Application
import NIOCore
import NIOPosix
import NIOSSL
import Primitives
import SIP

/// The one owner of the transaction layer: feeds it messages, wishes and time, and does what it wants done.
///
/// Everything here runs on one event loop, so there is no lock and the order of things is the order of events.
final class TransactionDriver {
  let loop: any EventLoop
  let configuration: SIPFrontConfiguration
  let events: EventQueue
  /// For connections of ours by TLS; nil if no listener speaks it.
  let clientTLS: NIOSSLContext?
  var layer: TransactionLayer
  var sockets: [SIPListener] = []
  var addresses: LocalAddresses
  var flows = FlowTable()
  var resolver: HostResolver
  /// Client transactions whose next hop is being looked up; true: cancelled meanwhile.
  var lookups: [ClientTransactionID: Bool] = [:]
  var lookupsUnderWay = 0
  var counters = SIPFrontCounters()

  private var isDraining = false
  private var isStopped = false
  private var timer: (at: Instant, task: Scheduled<Void>)?
  private var housekeeping: RepeatedTask?

  init(
    loop: any EventLoop, configuration: SIPFrontConfiguration, events: EventQueue, pool: NIOThreadPool,
    clientTLS: NIOSSLContext?
  ) {
    self.loop = loop
    self.clientTLS = clientTLS
    self.configuration = configuration
    self.events = events
    self.layer = TransactionLayer(random: .system, timers: configuration.timers, limits: configuration.limits)
    self.addresses = LocalAddresses(publicAddresses: configuration.publicAddresses)
    self.resolver = HostResolver(pool: pool)
  }

  /// All counters now.
  var snapshot: SIPFrontCounters {
    var snapshot = counters
    snapshot.connections = flows.count
    snapshot.serverTransactions = layer.serverTransactionCount
    snapshot.clientTransactions = layer.clientTransactionCount
    snapshot.transactions = layer.counters
    return snapshot
  }

  /// The loop's clock.
  var now: Instant {
    Instant(nanoseconds: Int64(clamping: loop.now.uptimeNanoseconds))
  }

  /// Takes the open listeners over.
  func start(sockets: [SIPListener], addresses: LocalAddresses) {
    self.sockets = sockets
    self.addresses = addresses
    let driver = NIOLoopBound(self, eventLoop: loop)
    housekeeping = loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
      driver.value.expireFlows()
    }
  }

  /// Closes every socket; nothing is sent or received any more.
  func stop() {
    isStopped = true
    housekeeping?.cancel()
    timer?.task.cancel()
    timer = nil
    for socket in sockets { socket.channel.close(promise: nil) }
    sockets = []
    closeAllFlows()
  }

  /// A datagram came.
  func receive(datagram: [UInt8], from peer: TransactionPeer) {
    guard !isStopped else { return }
    // Keep-alives of phones behind translators: line ends, or a zero.
    guard datagram.contains(where: { $0 != 0x0D && $0 != 0x0A && $0 != 0 }) else {
      counters.keepAlives &+= 1
      return
    }
    do throws(SIPParseError) {
      accept(try SIPParser.parse(datagram: datagram), from: peer)
    } catch {
      refuse(error, from: peer)
    }
    drain()
  }

  /// What cannot be read is answered if so much of it could be read that the answer finds its way.
  func refuse(_ error: SIPParseError, from peer: TransactionPeer) {
    counters.malformed &+= 1
    guard let request = error.request else { return }
    layer.refuse(request, status: error.status, reason: error.reason, from: peer)
  }

  /// A message that could be read. The caller drains.
  func accept(_ message: SIPMessage, from peer: TransactionPeer) {
    counters.messagesIn &+= 1
    switch message {
    case .request(let request):
      if let refusal = configuration.validation.check(request) {
        counters.invalid &+= 1
        layer.refuse(
          request, status: refusal.status, reason: refusal.reason, headers: refusal.headers, from: peer)
      } else if isOverloaded(by: request) {
        counters.overloaded &+= 1
        let retryAfter = (name: "Retry-After", value: String(configuration.retryAfter))
        layer.refuse(request, status: 503, headers: [retryAfter], from: peer)
      } else {
        layer.receive(message, from: peer, at: now)
      }
    case .response:
      layer.receive(message, from: peer, at: now)
    }
  }

  /// Only what begins something new is refused: what ends something or is known already relieves us.
  private func isOverloaded(by request: SIPRequest) -> Bool {
    guard events.waiting >= configuration.pendingEvents else { return false }
    switch request.method {
    case .ack, .cancel, .bye, .prack: return false
    case _: return !layer.isKnown(request)
    }
  }

  /// Does all that the layer wants done, then sets the alarm. Safe to call from within itself.
  func drain() {
    guard !isDraining else { return }
    isDraining = true
    while let action = layer.nextAction() { perform(action) }
    isDraining = false
    setTimer()
  }

  private func perform(_ action: TransactionAction) {
    switch action {
    case .send(let bytes, let peer, let owner):
      transmit(bytes, to: peer, owner: owner)
    case .deliver(let request, let id, let peer):
      events.append(.request(request, id, source(peer)))
    case .deliverACK(let request, let peer):
      events.append(.acknowledged(request, source(peer)))
    case .cancelled(let id):
      events.append(.cancelled(id))
    case .response(let response, let id):
      events.append(.response(response, id))
    case .failed(let id, let failure):
      events.append(.failed(id, SignallingFailure(failure)))
    }
  }

  private func source(_ peer: TransactionPeer) -> SIPSource {
    SIPSource(peer, origin: peer.flow.flatMap { flows[$0]?.origin })
  }

  private func setTimer() {
    guard !isStopped, let deadline = layer.deadline else {
      timer?.task.cancel()
      timer = nil
      return
    }
    if let timer, timer.at == deadline { return }
    timer?.task.cancel()
    let driver = NIOLoopBound(self, eventLoop: loop)
    let at = NIODeadline.uptimeNanoseconds(UInt64(clamping: deadline.nanoseconds))
    let task = loop.scheduleTask(deadline: at) {
      driver.value.timeout()
    }
    timer = (deadline, task)
  }

  private func timeout() {
    timer = nil
    // The alarm may ring a moment early by the clock's grain.
    let due = layer.deadline.map { max($0, now) } ?? now
    layer.timeout(at: min(due, now.advanced(byMilliseconds: 1)))
    drain()
  }
}
