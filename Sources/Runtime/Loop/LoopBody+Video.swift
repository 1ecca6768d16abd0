import Conference
import Primitives

/// Pictures leave once in a quantum: what one drain has brought goes out in as few calls as it can.
extension LoopBody {
  /// The room may have pictures to send.
  mutating func noteVideo(_ host: HostedRoom) {
    guard host.room.hasVideo, !host.isVideoNoted else { return }
    host.isVideoNoted = true
    videoRooms.append(host)
  }

  mutating func sendVideo(at now: Instant) {
    for index in videoRooms.indices {
      let host = videoRooms[index]
      host.isVideoNoted = false
      host.room.sendVideo(at: now, into: &queue)
      send(for: host)
    }
    videoRooms.removeAll(keepingCapacity: true)
  }
}
