import Audio
import Testing

@testable import Runtime

/// Files of recordings while they grow.
@Suite struct WriterFileTests {
  /// Clusters behind the loss stand where the index says, and players pass over what is missing.
  @Test func whatAFilmLosesKeepsItsPlaceAndSaysHowLongItIs() throws {
    let scratch = try Scratch()
    try scratch.write([], "d/x")
    var file = try WriterFile(name: "1.webm", in: OpenDirectory(root: scratch.path + "/d"), keys: .none)
    var writer = WebMWriter(WebMTracks(video: .init(width: 160, height: 90)))
    _ = file.append(writer.start()) { _ in nil }
    for number in 0..<6 {
      _ = writer.append(video: [0x10, UInt8(number)].span, isKeyFrame: true, at: Int64(number) * 500)
      let cluster = writer.flush()
      if number == 2 { file.lose(Int64(cluster.count)) } else { _ = file.append(cluster) { _ in nil } }
    }
    let end = writer.finish()
    _ = file.append(end.octets) { _ in nil }
    for patch in end.patches { _ = file.patch(patch.bytes, at: Int64(patch.offset)) }
    #expect(try file.complete())
    let bytes = try scratch.bytes("d/1.webm.part")
    let reader = try WebMReader(bytes)
    #expect(reader.isClosed && reader.damage == 0)
    #expect(reader.blocks.map { bytes[$0.place.lowerBound + 1] } == [0, 1, 3, 4, 5])
    for cue in reader.cues where cue.time != 1_000 {
      #expect(Array(bytes[cue.position..<cue.position + 4]) == [0x1F, 0x43, 0xB6, 0x75])
    }
    #expect(file.dropped > 0)
  }
}
