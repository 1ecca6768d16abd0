import SIP

/// What a dialled URI stands for.
package enum RouteTarget: Hashable, Sendable {
  case room(String)
  case entry
  case echo
  case announcement(String)
  case reject(status: Int, reason: String)
  case external(SIPURI)
}
