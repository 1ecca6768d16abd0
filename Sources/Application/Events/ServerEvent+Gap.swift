extension ServerEvent {
  /// Tells a listener that it has missed events before the one with the identifier `id`. Its own identifier is the one before
  /// that, so that a listener which breaks off here comes back at the right place.
  package static func gap(before id: UInt64, missed: UInt64? = nil, time: String) -> ServerEvent {
    var values = ["next": "\(id)"]
    if let missed { values["missed"] = "\(missed)" }
    return ServerEvent(id: id &- 1, time: time, name: "gap", values: values)
  }
}
