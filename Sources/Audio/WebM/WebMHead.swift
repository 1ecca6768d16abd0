import Primitives

/// The beginning of a WebM file of ours, up to the first cluster, and where in it stands what is filled in later.
///
/// ```
/// EBML header
/// Segment, its size unknown until the file is closed
///   SeekHead and room in it for the cues (`seekRoom` octets)
///   Info: TimestampScale (milliseconds), Duration (brought up to date while the file grows), names
///   Tracks
///   Cluster …   at most a second each, whole and with its size when it is written
///   Cues        when the file is closed
/// ```
struct WebMHead: Hashable, Sendable {
  /// Octets of the SeekHead with three entries.
  static let seekRoom = 68
  /// Octets that always hold a head of ours.
  static let maximumCount = 1_024

  var tracks: WebMTracks
  /// Octets from the start of the file.
  var count = 0
  /// Where the body of the Segment begins: positions in the file count from there.
  var segmentStart = 0
  var infoStart = 0
  var tracksStart = 0
  /// Where the 8 octets of the duration stand.
  var durationStart = 0
  /// What the head says: milliseconds, and octets of the Segment if the file was closed.
  var duration = 0.0
  var segmentSize: Int?

  /// The octets of a new file, and where things stand in them.
  static func make(_ tracks: WebMTracks) -> (head: WebMHead, octets: [UInt8]) {
    var head = WebMHead(tracks: tracks)
    var writer = ByteWriter(capacity: 512)
    writer.writeElement(MatroskaID.ebml) { ebml in
      ebml.writeElement(MatroskaID.ebmlVersion, number: 1)
      ebml.writeElement(MatroskaID.ebmlReadVersion, number: 1)
      ebml.writeElement(MatroskaID.ebmlMaximumIDLength, number: 4)
      ebml.writeElement(MatroskaID.ebmlMaximumSizeLength, number: 8)
      ebml.writeElement(MatroskaID.docType, text: "webm")
      ebml.writeElement(MatroskaID.docTypeVersion, number: 4)
      ebml.writeElement(MatroskaID.docTypeReadVersion, number: 2)
    }
    writer.writeID(MatroskaID.segment)
    writer.writeUnknownSize()
    head.segmentStart = writer.count
    head.infoStart = head.segmentStart + seekRoom
    var info = ByteWriter()
    info.writeElement(MatroskaID.timestampScale, number: 1_000_000)
    info.writeElement(MatroskaID.duration, float: 0)
    let durationEnd = info.count
    info.writeElement(MatroskaID.muxingApp, text: "trialogue")
    info.writeElement(MatroskaID.writingApp, text: "trialogue")
    var rest = ByteWriter()
    rest.writeElement(MatroskaID.info, info.bytes)
    head.durationStart = head.infoStart + rest.count - info.count + durationEnd - 8
    head.tracksStart = head.infoStart + rest.count
    tracks.write(to: &rest)
    writer.write(head.seekHead(cuesStart: nil))
    writer.write(rest.bytes)
    head.count = writer.count
    return (head, writer.bytes)
  }

  /// `seekRoom` octets.
  func seekHead(cuesStart: Int?) -> [UInt8] {
    var writer = ByteWriter(capacity: Self.seekRoom)
    writer.writeElement(MatroskaID.seekHead) { seekHead in
      Self.seek(MatroskaID.info, at: infoStart - segmentStart, to: &seekHead)
      Self.seek(MatroskaID.tracks, at: tracksStart - segmentStart, to: &seekHead)
      if let cuesStart { Self.seek(MatroskaID.cues, at: cuesStart - segmentStart, to: &seekHead) }
    }
    writer.writeVoid(Self.seekRoom - writer.count)
    return writer.bytes
  }

  private static func seek(_ id: UInt32, at position: Int, to writer: inout ByteWriter) {
    writer.writeElement(MatroskaID.seek) { seek in
      seek.writeElement(MatroskaID.seekID, number: UInt64(id), octets: 4)
      seek.writeElement(MatroskaID.seekPosition, number: UInt64(clamping: position), octets: 8)
    }
  }

  /// The duration, in milliseconds.
  func durationPatch(_ milliseconds: Int64) -> FilePatch {
    var writer = ByteWriter(capacity: 8)
    writer.write(Double(milliseconds).bitPattern)
    return FilePatch(offset: durationStart, bytes: writer.bytes)
  }

  /// What makes a file of so many octets a closed one.
  func closingPatches(fileSize: Int, cuesStart: Int, duration: Int64) -> [FilePatch] {
    var size = ByteWriter(capacity: 8)
    size.writeSize(fileSize - segmentStart, octets: ByteWriter.wideSize)
    return [
      FilePatch(offset: segmentStart - ByteWriter.wideSize, bytes: size.bytes),
      FilePatch(offset: segmentStart, bytes: seekHead(cuesStart: cuesStart)), durationPatch(duration),
    ]
  }
}
