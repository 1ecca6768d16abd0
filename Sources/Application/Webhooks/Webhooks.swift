import Logging
import Primitives

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Tells webhooks what happens: an event as JSON, signed, in order, tried again until it is taken or given up.
package actor Webhooks {
  /// Deliveries that are remembered, of all webhooks.
  static let logLimit = 1_000

  private var queues: [WebhookQueue]
  private let carrier: any WebhookCarrier
  private let issuer: String
  private let clock: any Timekeeping
  private let logger: Logger
  private var random: RandomSource
  private let keepsTime: Bool
  /// By identifier; in the order of their beginning.
  private var log: [String: WebhookDeliveryDescription] = [:]
  private var order: [String] = []
  private var underWay: [String: Task<Void, Never>] = [:]
  private var timer: (at: Instant, task: Task<Void, Never>)?

  /// - Parameters:
  ///   - issuer: our domain, which the tokens name.
  ///   - keepsTime: false if the owner calls `timeout()` itself, as tests do.
  package init(
    _ hooks: [Webhook], carrier: any WebhookCarrier, issuer: String, clock: any Timekeeping, logger: Logger,
    random: RandomSource = .system, keepsTime: Bool = true
  ) {
    queues = hooks.map { WebhookQueue($0) }
    self.carrier = carrier
    self.issuer = issuer
    self.clock = clock
    self.logger = logger
    self.random = random
    self.keepsTime = keepsTime
  }

  /// Tells all that comes until the stream or its task ends. Run once.
  package func follow(_ events: AsyncStream<ServerEvent>) async {
    for await event in events { tell(event) }
    stop()
  }

  package func tell(_ event: ServerEvent) {
    for index in queues.indices { queues[index].add(event) }
    pump()
  }

  /// What is under way is given up.
  private func stop() {
    timer?.task.cancel()
    for task in underWay.values { task.cancel() }
  }

  /// When `timeout()` wants to be called.
  package var deadline: Instant? { queues.compactMap(\.deadline).min() }

  package func timeout() { pump() }

  /// Returns when every outcome that is awaited is there.
  package func settle() async {
    while let task = underWay.values.first { await task.value }
  }

  // MARK: Sending

  private func pump() {
    for index in queues.indices {
      guard let delivery = queues[index].begin(at: clock.now) else { continue }
      note(delivery, state: .sending, result: nil)
      let hook = queues[index].hook
      underWay[delivery.id] = Task {
        let outcome = await send(delivery, to: hook)
        underWay[delivery.id] = nil
        ended(index, outcome)
      }
    }
    setTimer()
  }

  private func send(_ delivery: WebhookDelivery, to hook: Webhook) async -> WebhookOutcome {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      let body = Array(try encoder.encode(delivery.event))
      let token = WebhookToken.make(
        body: body, id: delivery.id, issuer: issuer, secret: hook.secret, issued: clock.unixTime)
      return await carrier.post(body, to: hook.address, token: token)
    } catch { return .refused("the event cannot be written") }
  }

  private func ended(_ index: Int, _ outcome: WebhookOutcome) {
    guard let (delivery, isOver) = queues[index].end(outcome, at: clock.now, random: &random) else { return }
    let isDelivered = outcome.verdict == .delivered
    note(
      delivery, state: isDelivered ? .delivered : isOver ? .failed : .waiting, result: outcome.sentence)
    if isOver, !isDelivered {
      logger.warning(
        "a webhook was not told",
        metadata: [
          "webhook": "\(delivery.hook)", "event": "\(delivery.event.name)", "attempts": "\(delivery.attempts)",
          "reason": "\(outcome.sentence)",
        ])
    }
    pump()
  }

  private func setTimer() {
    guard keepsTime, let next = deadline else { return }
    if let timer, timer.at <= next { return }
    timer?.task.cancel()
    let wait = max(0, next.nanoseconds(since: clock.now))
    let task = Task { [weak self] in
      do { try await Task.sleep(for: .nanoseconds(wait)) } catch { return }
      await self?.ring()
    }
    timer = (next, task)
  }

  private func ring() {
    timer = nil
    pump()
  }

  // MARK: The log

  private func note(_ delivery: WebhookDelivery, state: WebhookDeliveryState, result: String?) {
    let now = clock.timestamp
    if log[delivery.id] == nil {
      order.append(delivery.id)
      if order.count > 2 * Self.logLimit {
        for old in order.prefix(order.count - Self.logLimit) { log[old] = nil }
        order.removeFirst(order.count - Self.logLimit)
      }
    }
    log[delivery.id] = WebhookDeliveryDescription(
      id: delivery.id, event: delivery.event.id, name: delivery.event.name, state: state,
      attempts: delivery.attempts, result: result ?? log[delivery.id]?.result,
      started: log[delivery.id]?.started ?? now, changed: now)
  }

  package var descriptions: [WebhookDescription] {
    queues.map { queue in
      WebhookDescription(
        name: queue.hook.name, url: "\(queue.hook.address)",
        events: queue.hook.events?.sorted() ?? [], waiting: queue.count, lost: queue.lost)
    }
  }

  /// The newest first.
  package func deliveries(of name: String) throws(ControlError) -> [WebhookDeliveryDescription] {
    guard queues.contains(where: { $0.hook.name == name }) else {
      throw ControlError(.notFound, "No webhook '\(name.prefix(40))': GET /api/v1/webhooks lists them")
    }
    return order.reversed().lazy.compactMap { self.log[$0] }.filter { $0.id == "\(name)-\($0.event)" }
  }
}
