/// What a browser needs to reach media by way of a TURN server: an `RTCConfiguration` as the button takes it.
package struct RelayDescription: Codable, Hashable, Sendable {
  /// An `RTCIceServer`.
  package struct Server: Codable, Hashable, Sendable {
    package var urls: [String]
    package var username: String
    package var credential: String

    package init(urls: [String], username: String, credential: String) {
      self.urls = urls
      self.username = username
      self.credential = credential
    }
  }

  /// None if there is no TURN server.
  package var iceServers: [Server]
  /// Seconds that the credentials are good for.
  package var lifetime: Int

  package init(iceServers: [Server] = [], lifetime: Int = 0) {
    self.iceServers = iceServers
    self.lifetime = lifetime
  }
}
