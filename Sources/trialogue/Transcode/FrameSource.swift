import Audio
import Codecs

/// A file of iLBC or AMR: a few octets that name it, then frames.
struct FrameSource: SampleSource {
  /// Samples after which a call of `decode` ends.
  private static let enough = 8_192

  private enum Reader {
    case ilbc(ILBCFileReader)
    case amr(AMRFileReader)
  }

  private(set) var form: FileForm?
  private(set) var sampleRate = 0
  let channels = 1
  private var reader: Reader
  private var decoder: PacketDecoder?
  private var torn: AudioFileError?

  static var ilbc: FrameSource { FrameSource(.ilbc(ILBCFileReader())) }
  static var amr: FrameSource { FrameSource(.amr(AMRFileReader())) }

  private init(_ reader: Reader) { self.reader = reader }

  var warnings: [String] {
    let damaged = decoder?.damaged ?? 0
    return (damaged > 0 ? ["\(damaged) frames were damaged and are concealed"] : [])
      + (torn.map { ["\($0)"] } ?? [])
  }

  mutating func append(_ octets: [UInt8], isLast: Bool) {
    switch reader {
    case .ilbc(var reader):
      reader.append(octets, isLast: isLast)
      self.reader = .ilbc(reader)
    case .amr(var reader):
      reader.append(octets, isLast: isLast)
      self.reader = .amr(reader)
    }
  }

  mutating func decode(into samples: inout [Int16]) throws(AudioFileError) -> Bool {
    let start = samples.count
    while samples.count - start < FrameSource.enough {
      guard torn == nil, let payload = try nextPayload() else { return false }
      decoder?.decode(payload.span, into: &samples)
    }
    return true
  }

  /// The next frame as a payload of RTP. A file that ends inside a frame ends before it.
  private mutating func nextPayload() throws(AudioFileError) -> [UInt8]? {
    do throws(AudioFileError) {
      switch reader {
      case .ilbc(var reader):
        self.reader = .ilbc(ILBCFileReader())
        defer { self.reader = .ilbc(reader) }
        let frame = try reader.nextFrame()
        if form == nil, let time = reader.frameTime {
          begin(.ilbc, .ilbc(time == 30 ? .thirtyMilliseconds : .twentyMilliseconds))
        }
        return frame
      case .amr(var reader):
        self.reader = .amr(AMRFileReader())
        defer { self.reader = .amr(reader) }
        let frame = try reader.nextFrame()
        if form == nil, let band = reader.band {
          guard reader.channels == 1 else {
            throw AudioFileError(.badHeader("A file of \(reader.channels) channels is not read."), at: 0)
          }
          begin(.amr, (band == .narrow ? CodecChoice.amr : .amrWB).format(sampleRate: band.sampleRate))
        }
        guard var frame, let header = frame.first else { return nil }
        frame[0] = header & 0x7C
        return [UInt8(AMRPayload.noRequest) << 4] + frame
      }
    } catch {
      guard case .cutShort = error.reason, form != nil else { throw error }
      torn = error
      return nil
    }
  }

  private mutating func begin(_ container: FileForm.Container, _ format: CodecFormat) {
    sampleRate = format.sampleRate
    decoder = PacketDecoder(format, delay: CodecDelay.samples(format))
    form = FileForm(container: container, format: format)
  }
}
