/// A feedback message: transport layer (packet type 205: NACK, transport-cc …) or payload-specific (206: PLI, FIR, REMB …);
/// RFC 4585, section 6.1. Audio needs none of them: they are read so that a compound packet around them stays readable.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|   FMT   |       PT      |             length            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                     SSRC of packet sender                     |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                      SSRC of media source                     |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |              feedback control information (FCI) …             |
/// ```
package struct Feedback: Hashable, Sendable {
  package enum Layer: UInt8, Hashable, Sendable {
    case transport = 205
    case payload = 206
  }

  package var layer: Layer
  /// FMT, 0 to 31.
  package var format: UInt8
  package var sender: UInt32
  package var media: UInt32
  /// A multiple of 4 octets; encoding fills up with zeros.
  package var information: [UInt8]

  package init(layer: Layer, format: UInt8, sender: UInt32, media: UInt32, information: [UInt8]) {
    self.layer = layer
    self.format = format
    self.sender = sender
    self.media = media
    self.information = information
  }
}
