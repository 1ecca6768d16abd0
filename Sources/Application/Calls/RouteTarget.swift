import SIP

/// What a dialled URI stands for.
package enum RouteTarget: Hashable, Sendable {
  case room(String)
  case entry
  /// A voice flow by its name.
  case flow(String)
  case echo
  case announcement(String)
  case reject(status: Int, reason: String)
  case external(SIPURI)
}
