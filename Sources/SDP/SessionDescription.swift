import Primitives

/// A session description: RFC 8866.
package struct SessionDescription: Hashable, Sendable {
  package var version: Int
  package var origin: Origin
  package var sessionName: String
  package var information: String?
  package var uri: String?
  package var emails: [String]
  package var phones: [String]
  package var connection: Connection?
  package var bandwidth: [Bandwidth]
  package var timing: [TimeDescription]
  package var zones: String?
  package var key: String?
  package var attributes: AttributeList
  package var media: [MediaDescription]

  package init(
    origin: Origin, sessionName: String = "-", connection: Connection? = nil, media: [MediaDescription] = []
  ) {
    self.version = 0
    self.origin = origin
    self.sessionName = sessionName
    self.information = nil
    self.uri = nil
    self.emails = []
    self.phones = []
    self.connection = connection
    self.bandwidth = []
    self.timing = [TimeDescription()]
    self.zones = nil
    self.key = nil
    self.attributes = AttributeList()
    self.media = media
  }

  /// The direction of a section: its own, else the session's, else both ways.
  package func direction(of section: MediaDescription) -> Direction {
    section.direction ?? MediaDescription.direction(in: attributes) ?? .sendrecv
  }

  /// The connection of a section: its own, else the session's.
  package func connection(of section: MediaDescription) -> Connection? { section.connection ?? connection }
}
