import Conference
import Logging
import Primitives
import SIP

/// Chat in rooms by MESSAGE (RFC 3428): what a member writes goes to every other member whose client takes it.
extension CallController {
  /// Lines that one member may write: ten at once, and one a second.
  static let chatAllowance = Allowance(burst: 10, every: .seconds(1))
  /// Lines that all members together are sent: a line in a large room is many.
  static let chatDeliveries = Allowance(burst: 5_000, every: .milliseconds(1))

  /// A MESSAGE in the dialog of a call.
  func chat(_ request: SIPRequest, in transaction: ServerTransactionID, of id: String) async {
    guard let call = table[id] else { return refuse(request, in: transaction, 481) }
    await chat(request, in: transaction, from: call)
  }

  /// A MESSAGE outside of dialogs, to a room: from a user who is in it. Guests write within their calls.
  func chatOutside(_ request: SIPRequest, in transaction: ServerTransactionID, from source: SIPSource) async {
    guard let caller = await caller(of: request, in: transaction, from: source, mustBeUser: true),
      let user = caller.user
    else { return }
    guard !recent.isMerged(request, transaction, at: clock.now) else { return refuse(request, in: transaction, 482) }
    guard let uri = request.uri.sip, case .room(let name) = settings.routes.target(for: uri) else {
      return refuse(request, in: transaction, 404)
    }
    let calls = table.values.filter { $0.isEstablished && belongs($0, to: user) }
    let rooms = await reception.rooms(of: calls.map(\.seat.leg))
    guard let id = calls.first(where: { rooms[$0.seat.leg] == name })?.id, let call = table[id] else {
      // The same whether there is such a room or not.
      return refuse(request, in: transaction, 403, "Not in that room")
    }
    await chat(request, in: transaction, from: call)
  }

  /// Who called as that user, or was called as it.
  private func belongs(_ call: Call, to user: String) -> Bool {
    switch call.direction {
    case .incoming: call.authenticatedUser == user
    case .outgoing: SIPURI(call.to).map { $0.user == user && settings.isOurs($0.host) } ?? false
    }
  }

  private func chat(_ request: SIPRequest, in transaction: ServerTransactionID, from sender: Call) async {
    let line: ChatLine
    do throws(ChatLine.Refusal) { line = try ChatLine(request) } catch {
      switch error {
      case .tooLarge: return refuse(request, in: transaction, 413)
      case .otherType: return refuse(request, in: transaction, 415, headers: [("Accept", "text/plain")])
      case .noText: return refuse(request, in: transaction, 400, "Not UTF-8")
      }
    }
    guard table[sender.id]?.chatAllowance.take(at: clock.now) == true else {
      return refuse(request, in: transaction, 503, "Too many messages", headers: [("Retry-After", "1")])
    }
    guard let audience = await reception.audience(of: sender.seat.leg) else {
      return refuse(request, in: transaction, 403, "Not in a room")
    }
    // What is empty, as of a client that tries whether it may, is nothing to read.
    guard !line.text.value.isEmpty else { return accept(request, in: transaction) }
    let readers = audience.others.compactMap { legs[$0] }
      .filter { id in table[id].map { $0.isEstablished && $0.chatWay != .none } ?? false }
    guard chatDeliveries.take(readers.count, at: clock.now) else {
      refuse(request, in: transaction, 503, "Too many messages", headers: [("Retry-After", "5")])
      return await tellLimit("messages", at: CallController.chatDeliveries.burst)
    }
    accept(request, in: transaction)
    for reader in readers { pass(line, from: audience.name, to: reader) }
    logger.info(
      "chat",
      metadata: [
        "room": "\(audience.room)", "call": "\(sender.id)", "readers": "\(readers.count)", "text": "\(line.text)",
      ])
    await hub.emit(
      "chat",
      [
        "room": audience.room, "call": sender.id, "member": MemberIdentifier.text(sender.seat.leg),
        "name": audience.name, "uri": audience.uri, "text": line.text.value,
      ])
  }

  /// Sends a line to a call's other end, in the name of who wrote it: its display name stands before the room's URI.
  private func pass(_ line: ChatLine, from name: String, to id: String) {
    guard var call = table[id], call.isEstablished, var dialog = call.dialog else { return }
    var request: SIPRequest
    switch call.chatWay {
    case .none: return
    case .inDialog: request = dialog.makeRequest(.message)
    case .outside:
      request = dialog.makeRequest(.message)
      request.headers.set("Call-ID", random.token(32) + "@" + settings.domain.description)
      for field in ["From", "To"] {
        guard var address = request.headers[field].flatMap({ NameAddress($0) }) else { return }
        address.tag = field == "From" ? random.token(16) : nil
        request.headers.set(field, address.description)
      }
    }
    guard var from = request.headers["From"].flatMap({ NameAddress($0) }) else { return }
    from.displayName = name
    request.headers.set("From", from.description)
    request.headers.set("Content-Type", ChatLine.contentType)
    request.body = Array(line.text.value.utf8)
    call.dialog = dialog
    store(call)
    send(request, for: .chat(call: id, line, from: name), to: call.destination)
  }

  /// Who does not take a line within the call after all may take it beside; who refuses both gets no more.
  func passed(_ line: ChatLine, from name: String, to id: String, status: Int) {
    guard status == 405 || status == 501 || status == 481, table[id] != nil else { return }
    switch table[id]?.chatWay {
    case .inDialog? where status != 481:
      table[id]?.chatWay = .outside
      pass(line, from: name, to: id)
    case .inDialog?, .outside?: table[id]?.chatWay = .none
    case ChatWay.none?, nil: break
    }
  }
}
