import Primitives
import SIP

/// What a call may speak: of all that the server speaks what the room leaves, of that what the other end's trunk or user leaves, of
/// that what is said for this call alone. The last word counts for the order, too.
extension CallController {
  func planner(for arrival: Arrival, in seat: Seat) -> MediaPlanner {
    let left = planner.filtered(by: seat.codecs)
    if let user = arrival.member.authenticatedUser.flatMap(settings.user) { return left.filtered(by: user.codecs) }
    return left.filtered(by: trunk(at: arrival.source)?.codecs ?? .all)
  }

  func planner(for order: DialOrder, in seat: Seat) -> MediaPlanner {
    // Whom a trunk leads to is no user of ours.
    let user = order.plan.trunk == nil ? order.plan.called?.user.flatMap(settings.user) : nil
    return planner.filtered(by: seat.codecs).filtered(by: order.plan.trunk?.codecs ?? user?.codecs ?? .all)
      .filtered(by: order.codecs)
  }

  /// The trunk that a request comes from, where its address is known without a look-up.
  private func trunk(at source: SIPSource) -> Trunk? {
    let ip = source.remote.ip.unmapped
    return settings.trunks.first { $0.host.address?.unmapped == ip || $0.destination?.address.ip.unmapped == ip }
  }
}
