import Primitives

/// What visitors use of each widget's limits.
struct WidgetTraffic: Sendable {
  /// A widget from one side, be it the page's or the visitor's.
  private struct Side<Part: Hashable & Sendable>: Hashable, Sendable {
    var widget: String
    var part: Part
  }

  private struct Presence: Sendable {
    var widget: String
    var network: VisitorNetwork
  }

  private var widgets = CallPace<String>()
  private var origins = CallPace<Side<String>>()
  private var networks = CallPace<Side<VisitorNetwork>>()
  /// Calls that are there, by their identifiers; no more than there may be calls.
  private var present: [String: Presence] = [:]
  private var spent = SpentTokens()

  func calls(of widget: String) -> Int { present.values.count { $0.widget == widget } }

  /// Counts a try of this network: the cheapest question comes first, also of who brings a bad token.
  mutating func knock(
    at widget: Widget, from network: VisitorNetwork, at now: Instant
  ) throws(SeatRefusal) {
    let limits = widget.limits
    if let wait = networks.take(
      Side(widget: widget.name, part: network), perMinute: limits.networkCallsPerMinute, at: now)
    {
      throw SeatRefusal(status: 429, reason: "Too many calls from your network", retryAfter: wait)
    }
    guard present.values.count(where: { $0.widget == widget.name && $0.network == network }) < limits.networkCalls
    else { throw SeatRefusal(status: 429, reason: "Too many calls from your network at once", retryAfter: 30) }
  }

  /// Counts a call that may come as far as its token goes; `seconds` since 1970.
  mutating func enter(_ visitor: Visitor, call: String, at now: Instant) throws(SeatRefusal) {
    let widget = visitor.widget
    if let id = visitor.token?.id, spent.contains(id) {
      throw SeatRefusal(status: 403, reason: "The token has had its call")
    }
    guard calls(of: widget.name) < widget.limits.calls else {
      throw SeatRefusal(status: 503, reason: "All lines are busy", retryAfter: 30)
    }
    if let wait = origins.take(
      Side(widget: widget.name, part: visitor.origin.text), perMinute: widget.limits.originCallsPerMinute, at: now)
    {
      throw SeatRefusal(status: 503, reason: "Too many calls from this page", retryAfter: wait)
    }
    if let wait = widgets.take(widget.name, perMinute: widget.limits.callsPerMinute, at: now) {
      throw SeatRefusal(status: 503, reason: "Too many calls", retryAfter: wait)
    }
    present[call] = Presence(widget: widget.name, network: visitor.network)
  }

  /// A call that got no seat, or has ended.
  mutating func leave(_ call: String) { present[call] = nil }

  /// A call has its seat: its token is used up. False if it was meanwhile.
  mutating func spend(_ token: CallToken?, at seconds: Int64) -> Bool {
    guard let token, let id = token.id else { return true }
    guard !spent.contains(id) else { return false }
    spent.spend(id, until: token.expires + WidgetTraffic.leeway, at: seconds)
    return true
  }

  /// Seconds for which a token's name is kept beyond its end: as much as clocks may ever differ.
  static let leeway: Int64 = 300
}
