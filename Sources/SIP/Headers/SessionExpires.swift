/// The session timer's interval and who refreshes: RFC 4028, section 4.
package struct SessionExpires: Hashable, Sendable {
  package enum Refresher: String, Hashable, Sendable, Codable { case uac, uas }

  package var seconds: UInt32
  package var refresher: Refresher?

  package init(seconds: UInt32, refresher: Refresher? = nil) {
    self.seconds = seconds
    self.refresher = refresher
  }

  package init?(_ text: String) {
    guard let (seconds, parameters) = DeltaSeconds.parse(text) else { return nil }
    self.init(seconds: seconds, refresher: parameters["refresher"].flatMap { Refresher(rawValue: $0.lowercased()) })
  }
}

extension SessionExpires: CustomStringConvertible {
  package var description: String { "\(seconds)" + (refresher.map { ";refresher=\($0.rawValue)" } ?? "") }
}
