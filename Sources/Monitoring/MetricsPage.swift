import Application

/// The metrics of the server in Prometheus's text format.
package struct MetricsPage: Sendable {
  private let control: any ControlPlane
  private let counters: @Sendable () async -> [Metric]

  /// `counters` gives what the floors below count: packets, transactions, drops.
  package init(control: any ControlPlane, counters: @escaping @Sendable () async -> [Metric]) {
    self.control = control
    self.counters = counters
  }

  package func text() async -> String {
    let status = await control.status()
    let metrics = await counters()
    let own = [
      Metric("trialogue_rooms", .gauge, "Rooms that are open", Double(status.rooms)),
      Metric("trialogue_calls", .gauge, "Calls that have not ended", Double(status.calls)),
      Metric("trialogue_members", .gauge, "Members of rooms", Double(status.members)),
      Metric("trialogue_recordings", .gauge, "Recordings that are being made", Double(status.recordings)),
      Metric("trialogue_media_load", .gauge, "Share of a core that the busiest media loop uses", status.load),
      Metric("trialogue_draining", .gauge, "1 while new calls are refused for good", status.draining ? 1 : 0),
    ]
    return (own + metrics).map(\.text).joined()
  }
}

/// One number with its name, kind and meaning.
package struct Metric: Sendable, Hashable {
  package enum Kind: String, Sendable { case counter, gauge }
  package var name: String
  package var kind: Kind
  package var help: String
  package var value: Double

  package init(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
    self.name = name
    self.kind = kind
    self.help = help
    self.value = value
  }

  var text: String { "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n\(name) \(value)\n" }
}
