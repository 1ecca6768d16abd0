import Conference
import Primitives
import SIP

/// Somebody who wants to know who is in a room: RFC 4575 over RFC 6665.
///
/// One NOTIFY is out at a time; what changes meanwhile goes with the next one, so a slow subscriber is not flooded.
package struct ConferenceSubscription: Sendable {
  /// The dialog that its messages go in.
  package enum Carrier: Sendable {
    case own(Dialog, SIPDestination?)
    /// That of a call.
    case call(String)
  }

  package var carrier: Carrier
  package let room: RoomID
  /// The conference's URI.
  package let entity: String
  package let event: EventPackage
  package var expires: Instant
  package let contact: String
  /// The subscriber's own number in the room, if it is a member.
  package let own: UInt32?
  package private(set) var version: UInt32 = 0
  /// A NOTIFY has no answer yet.
  package var isNotifying = false
  /// Something changed since the last NOTIFY.
  package var isBehind = false

  package init(
    carrier: Carrier, room: RoomID, entity: String, event: EventPackage, expires: Instant, contact: String,
    own: UInt32? = nil
  ) {
    self.carrier = carrier
    self.room = room
    self.entity = entity
    self.event = event
    self.expires = expires
    self.contact = contact
    self.own = own
  }

  /// Makes a request of the dialog the next NOTIFY with the full state. `reason` ends the subscription.
  package mutating func describe(
    _ state: ConferenceState?, in request: inout SIPRequest, at now: Instant, ending reason: String? = nil
  ) {
    request.headers.set("Event", event.description)
    let left = UInt32(clamping: max(0, expires.nanoseconds(since: now) / 1_000_000_000))
    let status =
      reason.map { SubscriptionState(state: "terminated", reason: $0) }
      ?? SubscriptionState(state: "active", expires: left)
    request.headers.set("Subscription-State", status.description)
    guard let state else { return }
    version &+= 1
    request.headers.set("Content-Type", ConferenceDocument.contentType)
    request.body = ConferenceDocument.encode(state, entity: entity, version: version, own: own)
  }
}
