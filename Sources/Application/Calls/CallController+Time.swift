import Primitives
import SIP

/// What the clock does: one task sleeps until the soonest deadline of all.
extension CallController {
  /// Whose deadline it is.
  enum Alarm: Hashable, Sendable {
    case call(String)
    case subscription(DialogID)
    case registrations
    case acknowledgement(ClientTransactionID)
    case housekeeping
  }

  /// When `timeout(at:)` wants to be called; it may turn out that nothing was to do.
  package var deadline: Instant? { alarms.first?.at }

  /// Rings at the instant or before; who is woken early says anew when it wants to be.
  func setAlarm(_ alarm: Alarm, at instant: Instant) {
    if let known = alarmed[alarm], known <= instant { return }
    alarmed[alarm] = instant
    alarms.insert(alarm, at: instant)
    // Deadlines that moved leave entries behind; their number is bounded.
    if alarms.count > 1_024 + 4 * alarmed.count {
      alarms.compact { [alarmed] in alarmed[$0.key] == $0.at }
    }
    setTimer()
  }

  /// Does all that is due.
  package func timeout(at now: Instant) async {
    var due: [Alarm] = []
    while let first = alarms.first, first.at <= now, let entry = alarms.popFirst() {
      guard alarmed[entry.key] == entry.at else { continue }
      alarmed[entry.key] = nil
      due.append(entry.key)
    }
    for alarm in due {
      switch alarm {
      case .call(let id): await timeout(call: id, at: now)
      case .subscription(let id): await timeout(subscription: id, at: now)
      case .registrations:
        await registrations.timeout(at: now)
        if let next = await registrations.deadline { setAlarm(.registrations, at: max(next, now + .seconds(1))) }
      case .acknowledgement(let id):
        guard case .acknowledged(let past) = purposes[id], past.until <= now else { continue }
        purposes[id] = nil
      case .housekeeping:
        while let oldest = finished.first, oldest.until <= now {
          finished.removeFirst()
          drop(oldest.call)
        }
        if let next = finished.first { setAlarm(.housekeeping, at: next.until) }
      }
    }
    setTimer()
  }

  private func timeout(call id: String, at now: Instant) async {
    guard var call = table[id] else { return }
    let actions = call.timeout(at: now)
    store(call)
    for action in actions {
      switch action {
      case .respond(let response, let transaction): front?.respond(response, in: transaction)
      case .refuse(let status): await refuseIncoming(id, status: status, cause: "\(status)")
      case .refresh: refresh(id)
      case .hangUp(let cause), .cancel(let cause): await hangUp(call: id, cause: cause)
      case .bye:
        guard var call = table[id] else { continue }
        sendBye(call)
        call.stage = .ended
        store(call)
        forget(call)
      }
    }
  }

  private func setTimer() {
    guard keepsTime else { return }
    guard let first = alarms.first?.at else { return }
    if let timer, timer.at <= first { return }
    timer?.task.cancel()
    let wait = max(0, first.nanoseconds(since: clock.now))
    let task = Task { [weak self] in
      do { try await Task.sleep(for: .nanoseconds(wait)) } catch { return }
      await self?.ring()
    }
    timer = (first, task)
  }

  private func ring() async {
    timer = nil
    await timeout(at: clock.now)
  }
}
