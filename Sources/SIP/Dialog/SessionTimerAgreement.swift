/// The interval and the refresher that both ends agreed on: the Session-Expires of a 2xx (RFC 4028, sections 7.2 and 9).
package struct SessionTimerAgreement: Hashable, Sendable, Codable {
  /// Seconds.
  package var interval: UInt32
  /// Which end of the request that negotiated refreshes.
  package var refresher: SessionExpires.Refresher

  package init(interval: UInt32, refresher: SessionExpires.Refresher) {
    self.interval = interval
    self.refresher = refresher
  }

  package var sessionExpires: SessionExpires { SessionExpires(seconds: interval, refresher: refresher) }
}
