import Primitives
import RTP

/// A browser's camera for tests: VP8 in simulcast streams of three temporal layers each, key frames on request.
///
/// Behind the VP8 header of each packet stands what it is, so that a receiver can tell.
struct VideoSender {
  /// What a packet is: 8 octets at the end of its payload.
  struct Tag: Hashable {
    var sender: UInt8
    var layer: UInt8
    var frame: Int
    var packet: UInt8
    var packets: UInt8
  }

  /// A frame, and which frames of its stream it needs.
  struct Frame {
    var isKey: Bool
    var temporal: UInt8
    var needs: [Int]
  }

  struct Packet {
    var octets: [UInt8]
    var tag: Tag
    var sequence: Int
  }

  struct Layer {
    var ssrc: UInt32
    var sequence: Int
    var timestamp: UInt32
    var picture: UInt16
    var baseIndex: UInt8
    var frames: [Frame] = []
    var wantsKey = true
    /// The last frame of each temporal layer.
    var last: [Int?] = [nil, nil, nil]
    /// The tag of every packet, from the first sequence number on.
    var sent: [Tag] = []
    var firstSequence: Int
  }

  static let ridExtension: UInt8 = 10
  static let rids = ["q", "h", "f"]

  let id: UInt8
  let isShort: Bool
  var layers: [Layer] = []
  var random: RandomSource
  /// One frame of so many is a key frame that nobody asked for.
  var keyFrameOdds: UInt64 = 0
  var packetsPerFrame: ClosedRange<Int> = 1...3

  init(id: UInt8, layers count: Int = 3, isShort: Bool = false, seed: UInt64) {
    self.id = id
    self.isShort = isShort
    random = .seeded(seed)
    for layer in 0..<count {
      let sequence = Int(random.next() & 0xFFFF)
      layers.append(
        Layer(
          ssrc: UInt32(id) << 8 | UInt32(layer), sequence: sequence,
          timestamp: UInt32(truncatingIfNeeded: random.next()), picture: UInt16(truncatingIfNeeded: random.next()),
          baseIndex: UInt8(truncatingIfNeeded: random.next()), firstSequence: sequence))
    }
  }

  mutating func request(_ ssrc: UInt32) {
    for index in layers.indices where layers[index].ssrc == ssrc { layers[index].wantsKey = true }
  }

  /// The packets of the next picture of one layer.
  mutating func picture(_ index: Int) -> [Packet] {
    var layer = layers[index]
    let number = layer.frames.count
    let isKey = layer.wantsKey || keyFrameOdds > 0 && random.next() % keyFrameOdds == 0
    if isKey { layer.last = [nil, nil, nil] }
    layer.wantsKey = false
    let temporal = isKey ? 0 : [0, 2, 1, 2][number % 4]
    var needs: [Int] = []
    var isSync = false
    if !isKey, let base = layer.last[0] {
      needs.append(base)
      // Now and then a layer depends on the base only; where it has no past since the key frame it must.
      isSync = temporal > 0 && ((1...temporal).contains { layer.last[$0] == nil } || random.next() % 4 == 0)
      if temporal > 0, !isSync { needs += (1...temporal).compactMap { layer.last[$0] } }
    }
    // After a sync frame the layers above have no past of their own to lean on.
    layer.last[temporal] = number
    if isSync, temporal == 1 { layer.last[2] = nil }
    if temporal == 0 {
      layer.baseIndex &+= 1
      // A new base: layers may still lean on their old frames, as browsers' do.
    }
    layer.frames.append(Frame(isKey: isKey, temporal: UInt8(temporal), needs: needs))
    layer.picture &+= 1
    layer.timestamp &+= 3_000
    let count = packetsPerFrame.lowerBound + Int(random.next() % UInt64(packetsPerFrame.count))
    var packets: [Packet] = []
    for packet in 0..<count {
      let tag = Tag(sender: id, layer: UInt8(index), frame: number, packet: UInt8(packet), packets: UInt8(count))
      packets.append(write(tag, layer, isKey: isKey, temporal: UInt8(temporal), isSync: isSync))
      layer.sent.append(tag)
      layer.sequence += 1
    }
    layers[index] = layer
    return packets
  }

  private func write(_ tag: Tag, _ layer: Layer, isKey: Bool, temporal: UInt8, isSync: Bool) -> Packet {
    var octets = [UInt8](repeating: 0, count: 32)
    do {
      var span = octets.mutableSpan
      _ = RTPHeader.write(
        into: &span, payloadType: 96, marker: tag.packet + 1 == tag.packets,
        sequence: UInt16(truncatingIfNeeded: layer.sequence), timestamp: layer.timestamp, ssrc: layer.ssrc)
      var writer = HeaderExtensionWriter(.oneByte, at: RTPHeader.size)
      if layers.count > 1 {
        writer.add(Self.ridExtension, UInt64(Self.rids[Int(tag.layer)].utf8.first ?? 0), octets: 1, to: &span)
      }
      let end = writer.finish(&span)
      _ = end
    }
    octets.removeLast(octets.count - (layers.count > 1 ? 20 : 12))
    octets += [tag.packet == 0 ? 0x90 : 0x80, 0xE0]
    octets +=
      isShort
      ? [UInt8(layer.picture & 0x7F)] : [0x80 | UInt8(layer.picture >> 8 & 0x7F), UInt8(layer.picture & 0xFF)]
    octets += [layer.baseIndex, temporal << 6 | (isSync ? 0x20 : 0)]
    if tag.packet == 0 { octets += isKey ? [0x10, 1, 0, 0x9D, 1, 0x2A, 160, 0, 90, 0] : [0x11, 1, 0] }
    octets += [tag.sender, tag.layer, UInt8(tag.frame >> 16 & 0xFF), UInt8(tag.frame >> 8 & 0xFF)]
    octets += [UInt8(tag.frame & 0xFF), tag.packet, tag.packets, 0]
    return Packet(octets: octets, tag: tag, sequence: layer.sequence)
  }

  static func tag(_ payload: ArraySlice<UInt8>) -> Tag? {
    let octets = Array(payload.suffix(8))
    guard octets.count == 8 else { return nil }
    return Tag(
      sender: octets[0], layer: octets[1], frame: Int(octets[2]) << 16 | Int(octets[3]) << 8 | Int(octets[4]),
      packet: octets[5], packets: octets[6])
  }
}
