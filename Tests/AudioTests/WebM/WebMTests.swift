import Primitives
import Testing

@testable import Audio

/// WebM files: what is written is read again, whole, torn and mended.
@Suite struct WebMTests {
  @Test func framesComeBackWithTheirTimes() throws {
    var film = Film()
    film.play(seconds: 5)
    let file = film.close()
    let reader = try WebMReader(file)
    #expect(reader.tracks == Film.tracks)
    #expect(reader.isClosed)
    #expect(reader.damage == 0)
    #expect(reader.duration == 5_000)
    for track in [WebMTracks.videoNumber, WebMTracks.audioNumber] {
      let read = reader.blocks.filter { $0.track == track }
      let written = film.frames.filter { $0.track == track }
      #expect(read.map(\.time) == written.map(\.time))
      #expect(read.map(\.isKeyFrame) == written.map(\.isKeyFrame))
      #expect(read.map { Array(file[$0.place]) } == written.map(\.octets))
    }
  }

  @Test func everyCueIsAClusterThatBeginsWithAKeyFrame() throws {
    var film = Film()
    film.play(seconds: 10)
    let file = film.close()
    let reader = try WebMReader(file)
    // A key frame every 2 s.
    #expect(reader.cues.map(\.time) == [0, 2_000, 4_000, 6_000, 8_000])
    for cue in reader.cues {
      #expect(Array(file[cue.position..<cue.position + 4]) == [0x1F, 0x43, 0xB6, 0x75])
      let cluster = WebMCluster(file.span, body: cue.position + 8..<file.count, limit: 1)
      #expect(cluster?.isCue(in: reader.tracks) == true && cluster?.time == cue.time)
    }
  }

  @Test func noClusterIsLongerThanASecond() {
    var film = Film()
    film.flushes = false
    film.keyFrameInterval = 100_000
    film.play(seconds: 5)
    let file = film.close()
    var place = WebMHead.make(Film.tracks).head.count
    var clusters = 0
    while let element = EBMLElement.parse(file.span, at: place), element.id == MatroskaID.cluster,
      let body = element.body(within: file.count)
    {
      let times = WebMCluster(file.span, body: body)?.blocks.map(\.time) ?? []
      #expect(!times.isEmpty)
      #expect((times.max() ?? 0) - (times.min() ?? 0) < 1_000)
      clusters += 1
      place = body.upperBound
    }
    #expect(clusters == 5)
  }

  /// What players read of a file whose writer was killed: the blocks before the cut, and how long it was.
  @Test func aFileCutAnywhereKeepsWhatIsWholeAndIsMendedToThat() throws {
    var film = Film()
    film.play(seconds: 2)
    let whole = film.file
    let all = try WebMReader(whole).blocks
    let start = WebMHead.make(Film.tracks).head.count
    for cut in stride(from: start, to: whole.count, by: 37) {
      let torn = Array(whole.prefix(cut))
      let reader = try WebMReader(torn)
      let expected = all.filter { $0.place.upperBound <= cut }
      #expect(reader.blocks == expected)
      #expect(!reader.isClosed)
      let repair = WebMRepair.repair(torn)
      guard !expected.isEmpty else {
        #expect(repair == nil)
        continue
      }
      let mended = try Film.mend(torn, try #require(repair))
      let again = try WebMReader(mended)
      #expect(again.blocks == expected)
      #expect(again.isClosed && again.damage == 0)
      #expect(again.cues.count >= 1)
      let end = expected.map { $0.time + ($0.track == WebMTracks.audioNumber ? 20 : 0) }.max() ?? 0
      #expect(again.duration == Double(end) && repair?.frames == Int(end) * 48)
      #expect(WebMRepair.repair(mended)?.patches == [])
      #expect(WebMRepair.repair(mended)?.length == mended.count)
    }
  }

  @Test func aFileTornWhileItWasClosedIsMended() throws {
    var film = Film()
    film.play(seconds: 6)
    let before = film.file
    let closed = film.close()
    // The cues have come, or a part of them; the head says nothing of them yet.
    for cut in before.count...closed.count {
      let torn = before + closed[before.count..<cut]
      let repair = try #require(WebMRepair.repair(torn))
      #expect(try Film.mend(torn, repair) == closed)
    }
  }

  @Test func aHoleCostsItsClustersAndNothingElse() throws {
    var film = Film()
    film.play(seconds: 4)
    var file = film.file
    let start = WebMHead.make(Film.tracks).head.count
    var places: [Range<Int>] = []
    var place = start
    while let body = EBMLElement.parse(file.span, at: place)?.body(within: file.count) {
      places.append(place..<body.upperBound)
      place = body.upperBound
    }
    let hole = places[6].lowerBound..<places[8].upperBound
    let expected = try WebMReader(file).blocks.filter { !hole.overlaps($0.place) }
    for index in hole { file[index] = 0 }
    let mended = try Film.mend(file, try #require(WebMRepair.repair(file)))
    #expect(try WebMReader(mended).blocks == expected)
    // A server that still runs fills the hole itself.
    file.replaceSubrange(hole.lowerBound..<hole.lowerBound + 9, with: WebMWriter.filler(hole.count))
    #expect(try WebMReader(file).blocks == expected)
  }

  @Test func aClusterThatWasTakenBackLeavesNoCue() throws {
    var film = Film()
    film.loses = { $0 >= 2_000 && $0 < 3_000 }
    film.play(seconds: 5)
    let file = film.close()
    let reader = try WebMReader(file)
    #expect(reader.cues.map(\.time) == [0, 4_000])
    #expect(reader.damage == 0 && reader.isClosed)
    #expect(reader.blocks.allSatisfy { $0.time < 2_000 || $0.time >= 3_000 })
  }

  @Test func theLastPacketsEndMayBeThrownAway() throws {
    var writer = WebMWriter(WebMTracks(audio: .init(preSkip: 312, inputRate: 48_000)))
    var file = writer.start()
    file += writer.append(audio: [1, 2, 3].span, at: 0, length: 20)
    file += writer.append(audio: [4, 5].span, at: 20, length: 20, discarded: 13_500_000)
    file += writer.flush()
    let end = writer.finish()
    file = try Film.mend(
      file + end.octets, FileRepair(length: file.count + end.octets.count, patches: end.patches, frames: 0))
    let reader = try WebMReader(file)
    #expect(reader.blocks.map(\.time) == [0, 20] && reader.blocks.allSatisfy(\.isKeyFrame))
    #expect(reader.duration == 27)
    #expect(reader.tracks.video == nil && reader.tracks.audio?.preSkip == 312)
  }

  @Test func cuesOfALongFileAreThinnedOut() {
    var cues = WebMCues()
    for second in 0..<100_000 { cues.add(Int64(second) * 1_000, position: second * 50_000) }
    #expect(cues.cues.count <= WebMCues.maximum && cues.cues.count > WebMCues.maximum / 4)
    #expect(cues.cues.first?.time == 0)
    let gaps = zip(cues.cues, cues.cues.dropFirst()).map { $1.time - $0.time }
    #expect((gaps.max() ?? 0) <= 2 * (gaps.min() ?? 0))
  }

  @Test(arguments: [0, 1, 126, 127, 128, 16_382, 16_383, 2_097_150, 2_097_151, 1 << 40])
  func sizesAreReadAsTheyWereWritten(size: Int) {
    var writer = ByteWriter()
    writer.writeID(MatroskaID.simpleBlock)
    writer.writeSize(size)
    let element = EBMLElement(id: MatroskaID.simpleBlock, size: size, start: 0, bodyStart: writer.count)
    #expect(EBMLElement.parse(writer.bytes.span, at: 0) == element)
  }

  @Test func headsThatAreNoneAreRefused() {
    for octets: [UInt8] in [[], [0x1A], [0, 0, 0, 0], [0x1F, 0x43, 0xB6], [0x08, 0, 0, 0, 0x81], [0xA3], [0xA3, 0]] {
      #expect(EBMLElement.parse(octets.span, at: 0) == nil)
      #expect(throws: AudioFileError.self) { try WebMReader(octets) }
      #expect(WebMRepair.repair(octets) == nil)
    }
    #expect(EBMLElement.parse([0xA3, 0xFF].span, at: 0)?.size == nil)
  }
}
