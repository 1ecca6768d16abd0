/// The source of the voice that we send, as `a=ssrc` announces it (RFC 5576): in a bundle it tells whose packets these are
/// (RFC 9143, section 9.2), for they carry no `mid`.
package struct LocalAudioSource: Hashable, Sendable {
  package var ssrc: UInt32
  /// The same as of the pictures: they go together.
  package var canonicalName: String

  package init(ssrc: UInt32, canonicalName: String) {
    self.ssrc = ssrc
    self.canonicalName = canonicalName
  }
}
