import Audio
import RTP

/// A track with the member's picture. Its clusters last as long as what other files write at a time, so that a crash costs
/// it no more.
extension RecordingTrack {
  var isFilm: Bool {
    switch medium {
    case .webm: true
    case .wav, .opus: false
    }
  }

  /// A frame of VP8 that was taken `time` milliseconds from the start. One that needs what is not here is left out.
  mutating func write(
    _ frame: Span<UInt8>, _ kind: VP8FrameHeader.Kind, at time: Int64, to writes: inout WriteQueue
  ) {
    var isKeyFrame = false
    if case .key = kind { isKeyFrame = true }
    guard isKeyFrame || !awaitsKeyFrame, case .webm(var writer) = medium else { return }
    awaitsKeyFrame = false
    letGo()
    let cluster = writer.append(video: frame, isKeyFrame: isKeyFrame, at: max(0, time))
    put(cluster, of: writer, to: &writes)
  }

  /// A packet of the voice: 20 ms, of which only so many samples at 48 kHz are heard.
  mutating func storeVoice(_ packet: Span<UInt8>, samples: Int, to writes: inout WriteQueue) {
    guard case .webm(var writer) = medium else { return }
    letGo()
    // A whole packet was counted before it is stored; the last one is not.
    let isLast = samples < 960
    let time = (isLast ? position : position - 1) * 20
    let discarded = isLast ? Int64(960 - max(samples, 0)) * 1_000_000 / 48 : 0
    let cluster = writer.append(audio: packet, at: time, length: 20, discarded: discarded)
    put(cluster, of: writer, to: &writes)
  }

  /// Gives out what has been gathered, and says in the head how long the file is.
  mutating func flushFilm(to writes: inout WriteQueue) {
    guard case .webm(var writer) = medium, writes.hasRoom(for: 4_096) else { return }
    letGo()
    let cluster = writer.flush()
    put(cluster, of: writer, to: &writes)
    patchFilm(writer.patches(), &writes)
  }

  /// The last cluster, where in the file one may begin to look, and its length.
  mutating func finishFilm(to writes: inout WriteQueue) {
    guard case .webm(var writer) = medium else { return }
    letGo()
    let cluster = writer.flush()
    put(cluster, of: writer, to: &writes)
    guard case .webm(let writer) = medium else { return }
    let end = writer.finish()
    writes.append(.append(file, end.octets))
    patchFilm(end.patches, &writes)
  }

  /// A copy of the writer is being changed: its buffers are not to be copied.
  private mutating func letGo() { medium = .wav(WAVWriter(sampleRate: rate)) }

  /// Puts a changed writer back, and what it gave out into the file; what the queue does not take was never there.
  private mutating func put(_ cluster: [UInt8], of writer: WebMWriter, to writes: inout WriteQueue) {
    medium = .webm(writer)
    guard !cluster.isEmpty else { return }
    guard writes.hasRoom(for: cluster.count) else {
      droppedOctets += Int64(cluster.count)
      awaitsKeyFrame = true
      takeBack(cluster)
      return
    }
    writes.append(.append(file, cluster))
  }

  private mutating func takeBack(_ cluster: [UInt8]) {
    guard case .webm(var writer) = medium else { return }
    letGo()
    writer.takeBack(cluster)
    medium = .webm(writer)
  }

  private func patchFilm(_ patches: [FilePatch], _ writes: inout WriteQueue) {
    for patch in patches { writes.append(.patch(file, offset: Int64(patch.offset), octets: patch.bytes)) }
  }
}
