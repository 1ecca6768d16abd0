import Primitives
import RTP
import TestSupport
import Testing

/// Payload descriptors of video: tables, captures, and what is broken.
@Suite struct VideoPayloadTests {
  @Test(.enabled(if: Vectors.isPresent)) func descriptorsReadAsTheTableSays() throws {
    var rows = 0
    for row in try Vectors.text("vp8/descriptors.tsv").split(separator: "\n").dropFirst() {
      let columns = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let payload = Self.octets(columns[0])
      rows += 1
      guard columns[11].hasPrefix("ok") else {
        #expect(throws: VideoPayloadError.truncated, "\(row)") { try VP8Descriptor.parse(payload.span) }
        continue
      }
      let descriptor = try VP8Descriptor.parse(payload.span)
      let found: [String] = [
        payload[0] & 0x80 != 0 ? "1" : "0", descriptor.isDisposable ? "1" : "0",
        descriptor.startsPartition ? "1" : "0", "\(descriptor.partition)",
        descriptor.pictureID.map { "\($0.value)" } ?? "-", descriptor.baseLayerIndex.map { "\($0)" } ?? "-",
        descriptor.temporalLayer.map { "\($0)" } ?? "-",
        descriptor.temporalLayer == nil ? "-" : descriptor.isLayerSync ? "1" : "0",
        descriptor.keyIndex.map { "\($0)" } ?? "-", "\(descriptor.count)",
      ]
      #expect(found == Array(columns[1...10]), "\(row)")
    }
    #expect(rows >= 17)
  }

  @Test(
    .enabled(if: Vectors.isPresent),
    arguments: ["chromium156-simulcast", "chromium156-simulcast-dd", "firefox153-simulcast"])
  func browsersPacketsReadAsAnotherReaderFindsThem(name: String) throws {
    let capture = try Capture("rtp/\(name).pcap")
    var keyFrames = 0
    let rows = try Vectors.text("rtp/\(name).vp8.tsv").split(separator: "\n").dropFirst()
    for row in rows {
      let columns = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let packet = capture.datagrams[try #require(Int(columns[0])) - 1].payload
      let header = try RTPHeader.parse(packet.span)
      #expect("\(header.sequence)" == columns[3])
      #expect("\(header.timestamp)" == columns[4])
      let payload = Array(packet[header.payloadRange])
      let descriptor = try VP8Descriptor.parse(payload.span)
      let found: [String] = [
        payload[0] & 0x80 != 0 ? "1" : "0", descriptor.isDisposable ? "1" : "0",
        descriptor.startsPartition ? "1" : "0", "\(descriptor.partition)",
        descriptor.pictureID.map { "\($0.value)" } ?? "", descriptor.baseLayerIndex.map { "\($0)" } ?? "",
        descriptor.temporalLayer.map { "\($0)" } ?? "",
      ]
      #expect(found == Array(columns[6...12]), "\(row)")
      if descriptor.temporalLayer != nil { #expect(columns[13] == (descriptor.isLayerSync ? "1" : "0"), "\(row)") }
      if let key = descriptor.keyIndex { #expect(columns[14] == "\(key)") }
      guard descriptor.startsFrame else {
        #expect(columns[15].isEmpty)
        continue
      }
      let read = VP8FrameHeader(payload.span.extracting(descriptor.count..<payload.count))
      let frame = try #require(read)
      #expect(columns[16] == "\(frame.version)")
      #expect(columns[17] == (frame.isShown ? "1" : "0"))
      #expect(columns[18] == "\(frame.firstPartition)")
      switch frame.kind {
      case .inter: #expect(columns[15] == "1")
      case .key(let width, let height):
        keyFrames += 1
        #expect([columns[15], columns[19], columns[20]] == ["0", "\(width)", "\(height)"])
      }
      let mark = try VideoCodec.vp8.mark(payload.span)
      #expect(mark.startsKeyFrame == (columns[15] == "0"))
    }
    #expect(rows.count > 250 && keyFrames >= 3)
  }

  @Test(
    arguments: [
      ([0x90, 0xE0, 17, 9, 0x60, 1, 2], [0x90, 0xE0, 99, 200, 0x60, 1, 2]),
      ([0x90, 0xE0, 0x81, 0x02, 9, 0x60, 1], [0x90, 0xE0, 0x92, 0x63, 200, 0x60, 1]),
      ([0x90, 0x40, 9, 1], [0x90, 0x40, 200, 1]), ([0x90, 0x80, 9, 1], [0x90, 0x80, 99, 1]), ([0x10, 9], [0x10, 9]),
    ] as [([UInt8], [UInt8])]) func numbersAreRewrittenInPlace(before: [UInt8], after: [UInt8]) throws
  {
    var payload = before
    let descriptor = try VP8Descriptor.parse(payload.span)
    do {
      var span = payload.mutableSpan
      descriptor.rewrite(&span, pictureID: 0x1263, baseLayerIndex: 200)
    }
    #expect(payload == after)
  }

  @Test func layersOfVP9AreRead() throws {
    // 15-bit picture id, layers (TID 2, U, SID 1, D), TL0PICIDX, begin of a frame that needs no other picture.
    let key = try VP9Descriptor.parse([0xA8, 0x92, 0x34, 0x53, 7, 1].span)
    #expect(key.pictureID == 0x1234)
    #expect(key.temporalLayer == 2 && key.spatialLayer == 1 && key.isSwitchingUpPoint && key.isInterLayer)
    #expect(key.baseLayerIndex == 7 && key.count == 5 && !key.isInterPicture)
    // A scalability structure of two layers with sizes and a group of two pictures.
    let structure: [UInt8] = [
      0x8A, 5, 0x38, 0, 160, 0, 90, 1, 64, 0, 180, 2, 0x04, 1, 0x28, 1, 2, 0xFF,
    ]
    let sized = try VP9Descriptor.parse(structure.span)
    #expect(sized.width == 320 && sized.height == 180 && sized.count == 17)
    #expect(try VideoCodec.vp9.mark(structure.span).startsKeyFrame)
    // Flexible mode: two references.
    #expect(try VP9Descriptor.parse([0xD0, 5, 3, 2, 0xFF].span).count == 4)
    #expect(throws: VideoPayloadError.tooMany) { try VP9Descriptor.parse([0xD0, 5, 3, 3, 3, 3].span) }
    for count in 0..<structure.count - 1 {
      #expect(throws: VideoPayloadError.truncated) { try VP9Descriptor.parse(structure.span.extracting(0..<count)) }
    }
  }

  @Test(
    arguments: [
      // A single IDR slice from the first macroblock; a later slice of it; a P slice; SPS and PPS and IDR in one packet;
      // the first, then a middle fragment of an IDR slice.
      ([0x65, 0x88], true, true), ([0x65, 0x08], false, false), ([0x41, 0x9A], true, false),
      ([0x78, 0, 2, 0x67, 1, 0, 2, 0x68, 1, 0, 2, 0x65, 0x88], true, true), ([0x7C, 0x85, 0x88], true, true),
      ([0x7C, 0x05, 0x88], false, false), ([0x06, 1], false, false),
    ] as [([UInt8], Bool, Bool)]) func picturesOfH264AreFound(payload: [UInt8], frame: Bool, key: Bool) throws
  {
    let mark = try VideoCodec.h264.mark(payload.span)
    #expect(mark.startsFrame == frame && mark.startsKeyFrame == key)
  }

  @Test func brokenH264IsRefused() {
    #expect(throws: VideoPayloadError.truncated) { try H264Payload.parse([0x78, 0, 9, 1].span) }
    #expect(throws: VideoPayloadError.truncated) { try H264Payload.parse([0x7C].span) }
    #expect(throws: VideoPayloadError.malformed) { try H264Payload.parse([31].span) }
    let flood: [UInt8] = [0x78] + (0..<65).flatMap { _ in [0, 1, 0x41] as [UInt8] }
    #expect(throws: VideoPayloadError.tooMany) { try H264Payload.parse(flood.span) }
  }

  @Test func sequencesOfAV1AreFound() throws {
    let key = try AV1AggregationHeader.parse([0x18, 0x0C, 0x48, 1].span)
    #expect(key.startsSequence && key.elements == 1 && key.firstType == 1)
    #expect(key.temporalLayer == 2 && key.spatialLayer == 1)
    let lengths = try AV1AggregationHeader.parse([0x00, 0x80, 0x01, 0x30].span)
    #expect(lengths.firstType == 6 && !lengths.startsSequence)
    #expect(try !VideoCodec.av1.mark([0x90, 1].span).startsFrame)
    #expect(throws: VideoPayloadError.malformed) { try AV1AggregationHeader.parse([0x98, 1].span) }
    #expect(throws: VideoPayloadError.truncated) { try AV1AggregationHeader.parse([0x10].span) }
    #expect(throws: VideoPayloadError.malformed) {
      try AV1AggregationHeader.parse(([0x20] + [UInt8](repeating: 0x80, count: 9)).span)
    }
  }

  static func octets(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap { $0.hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }
}
