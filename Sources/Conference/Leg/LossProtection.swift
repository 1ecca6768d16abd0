/// Whether a peer loses so much of what it is sent that a copy of each packet in the next one is worth its octets.
enum LossProtection: Hashable, Sendable {
  case off
  /// Reports in a row with next to no loss.
  case on(quietReports: Int)

  /// Share of packets lost from which protection is worth it, and below which it is not.
  static let threshold = 0.02
  static let negligible = 0.005
  /// Reports without loss before it ends: half a minute.
  static let patience = 6

  var isOn: Bool {
    switch self {
    case .off: false
    case .on: true
    }
  }

  /// Takes a report's fraction lost, 0 to 1.
  mutating func note(_ fraction: Double) {
    switch self {
    case .off: if fraction >= Self.threshold { self = .on(quietReports: 0) }
    case .on(let quiet):
      let count = fraction < Self.negligible ? quiet + 1 : 0
      self = count >= Self.patience ? .off : .on(quietReports: count)
    }
  }
}
