import Primitives
import SIP

/// The registrar: who can be reached where. RFC 3261, section 10.3. Authentication was done before.
package actor Registrations {
  private let hub: EventHub
  private var bindings: [String: [Binding]] = [:]

  package init(hub: EventHub) { self.hub = hub }

  /// Live contacts of a user, the newest first.
  package func contacts(of user: String, at now: Instant) -> [Binding] {
    (bindings[user] ?? []).filter { $0.expires > now }.sorted { $0.expires > $1.expires }
  }

  package var count: Int { bindings.count }

  /// The soonest time at which a contact runs out.
  package var deadline: Instant? { bindings.values.lazy.joined().map(\.expires).min() }

  /// Carries out a REGISTER of `user` and makes its response.
  package func register(
    _ request: SIPRequest, user: String, from source: SIPSource, settings: RegistrarSettings, at now: Instant,
    toTag: String
  ) async -> SIPResponse {
    func refuse(_ status: Int, _ reason: String? = nil) -> SIPResponse {
      SIPResponse(status: status, reason: reason, to: request, toTag: toTag)
    }
    guard let callID = request.headers.callID, let number = request.headers.cSeq?.number else { return refuse(400) }
    var current = (bindings[user] ?? []).filter { $0.expires > now }
    let before = Set(current.map(\.contact))
    if request.headers.hasWildcardContact {
      guard request.headers.list("Contact").count == 1, request.headers.expires == 0 else {
        return refuse(400, "A wildcard Contact stands alone, with Expires: 0")
      }
      if current.contains(where: { $0.callID == callID && number <= $0.number }) { return refuse(500, "CSeq too low") }
      current = []
    } else {
      for contact in request.headers.contacts {
        guard let uri = contact.uri.sip else { return refuse(400, "Contact is no SIP URI") }
        let wanted =
          contact.parameters["expires"].flatMap { UInt32($0) } ?? request.headers.expires ?? settings.defaultExpires
        if wanted != 0, wanted < settings.minimumExpires {
          var response = refuse(423)
          response.headers.set("Min-Expires", String(settings.minimumExpires))
          return response
        }
        let index = current.firstIndex { $0.contact.isEquivalent(to: uri) }
        if let index, current[index].callID == callID, number <= current[index].number {
          return refuse(500, "CSeq too low")
        }
        if let index { current.remove(at: index) }
        guard wanted > 0 else { continue }
        guard current.count < settings.contactsPerUser else { return refuse(403, "Too many contacts") }
        current.append(
          Binding(
            contact: uri, callID: callID, number: number,
            expires: now + .seconds(Int64(min(wanted, settings.maximumExpires))), source: source))
      }
    }
    bindings[user] = current.isEmpty ? nil : current
    await tell(user, before: before, after: Set(current.map(\.contact)))
    var response = SIPResponse(status: 200, to: request, toTag: toTag)
    for binding in current {
      var address = NameAddress(uri: .sip(binding.contact))
      let seconds = max(0, binding.expires.nanoseconds(since: now) / 1_000_000_000)
      address.parameters["expires"] = String(seconds)
      response.headers.append("Contact", address.description)
    }
    return response
  }

  /// Drops what has run out.
  package func timeout(at now: Instant) async {
    for (user, contacts) in bindings where contacts.contains(where: { $0.expires <= now }) {
      let left = contacts.filter { $0.expires > now }
      bindings[user] = left.isEmpty ? nil : left
      for gone in contacts where gone.expires <= now {
        await hub.emit("reg-expired", ["user": user, "contact": gone.contact.description])
      }
    }
  }

  private func tell(_ user: String, before: Set<SIPURI>, after: Set<SIPURI>) async {
    for contact in after.subtracting(before) {
      await hub.emit("reg-new", ["user": user, "contact": contact.description])
    }
    for contact in before.subtracting(after) {
      await hub.emit("reg-del", ["user": user, "contact": contact.description])
    }
  }
}
