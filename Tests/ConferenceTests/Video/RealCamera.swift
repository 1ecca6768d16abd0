import Primitives
import RTP

/// A browser's camera for tests with a real encoder: simulcast streams of three temporal layers each, key frames on request.
struct RealCamera {
  struct Packet {
    var octets: [UInt8]
    var layer: Int
  }

  struct Layer {
    let encoder: VPXEncoder
    /// Sees every frame.
    let decoder: VPXDecoder
    var ssrc: UInt32
    var sequence: UInt16
    var timestamp: UInt32
    var picture: UInt16
    var baseIndex: UInt8
    var wantsKey = true
    var frames = 0
    /// A frame of the middle layer has come since the key frame.
    var hasMiddle = false
  }

  /// Octets of VP8 in a packet.
  static let maximumPayload = 80

  let id: UInt8
  private(set) var layers: [Layer] = []
  /// Of the pictures that a decoder of a whole stream has seen: which stream they are of.
  private(set) var sums: [UInt64: Int] = [:]
  private var random: RandomSource

  init?(id: UInt8, layers count: Int, luma: UInt8, seed: UInt64) {
    self.id = id
    random = .seeded(seed)
    for layer in 0..<count {
      guard let encoder = VPXEncoder(width: 32 << UInt32(layer), height: 32 << UInt32(layer), luma: luma),
        let decoder = VPXDecoder()
      else { return nil }
      layers.append(
        Layer(
          encoder: encoder, decoder: decoder, ssrc: UInt32(id) << 8 | UInt32(layer),
          sequence: UInt16(truncatingIfNeeded: random.next()),
          timestamp: UInt32(truncatingIfNeeded: random.next()), picture: UInt16(truncatingIfNeeded: random.next()),
          baseIndex: UInt8(truncatingIfNeeded: random.next())))
    }
  }

  mutating func request(_ ssrc: UInt32) {
    for index in layers.indices where layers[index].ssrc == ssrc { layers[index].wantsKey = true }
  }

  /// The packets of the next picture of one layer; nil if the encoder fails.
  mutating func picture(_ index: Int) -> [Packet]? {
    var layer = layers[index]
    let isKey = layer.wantsKey
    let temporal = isKey ? 0 : [0, 2, 1, 2][layer.frames % 4]
    // Now and then a layer leans on the base only; where it has no past since the key frame it must.
    let isSync = temporal > 0 && (!layer.hasMiddle || random.next() % 4 == 0)
    var use: VPXEncoder.Use = isKey ? .key : []
    switch temporal {
    case 0: if !isKey { use.insert(.writesLast) }
    case 1:
      use.insert(.writesGolden)
      if !isSync { use.insert(.readsGolden) }
    default: if !isSync { use.insert(.readsGolden) }
    }
    guard let frame = layer.encoder.next(use), let whole = layer.decoder.decode(frame) else { return nil }
    sums[whole.sum] = index
    layer.wantsKey = false
    layer.hasMiddle = isKey ? false : layer.hasMiddle || temporal == 1
    layer.frames = isKey ? 1 : layer.frames + 1
    layer.picture &+= 1
    layer.timestamp &+= 3_000
    if temporal == 0 { layer.baseIndex &+= 1 }
    var packets: [Packet] = []
    for start in stride(from: 0, to: frame.count, by: Self.maximumPayload) {
      let end = min(start + Self.maximumPayload, frame.count)
      packets.append(
        Packet(
          octets: Self.head(layer, rid: index, isLast: end == frame.count) + [start == 0 ? 0x90 : 0x80, 0xE0]
            + [0x80 | UInt8(layer.picture >> 8 & 0x7F), UInt8(layer.picture & 0xFF), layer.baseIndex]
            + [UInt8(temporal) << 6 | (isSync ? 0x20 : 0)] + frame[start..<end], layer: index))
      layer.sequence &+= 1
    }
    layers[index] = layer
    return packets
  }

  private static func head(_ layer: Layer, rid: Int, isLast: Bool) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: 20)
    var span = octets.mutableSpan
    _ = RTPHeader.write(
      into: &span, payloadType: 96, marker: isLast, sequence: layer.sequence, timestamp: layer.timestamp,
      ssrc: layer.ssrc)
    var writer = HeaderExtensionWriter(.oneByte, at: RTPHeader.size)
    writer.add(
      VideoSender.ridExtension, UInt64(VideoSender.rids[rid].utf8.first ?? 0), octets: 1, to: &span)
    _ = writer.finish(&span)
    return octets
  }
}
