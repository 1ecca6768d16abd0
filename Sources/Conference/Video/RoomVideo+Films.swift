import Primitives
import RTP

extension RoomVideo {
  /// Whether recordings want the members' pictures.
  mutating func film(_ isOn: Bool, at now: Instant) {
    guard isFilming != isOn else { return }
    isFilming = isOn
    followFilms(at: now)
  }

  /// Every member that sends VP8 is filmed, as long as that is wanted; others are not.
  mutating func followFilms(at now: Instant) {
    guard isFilming || !films.isEmpty else { return }
    for index in films.indices.reversed() where !isFilming || !sendsFilm(films[index].leg) {
      forwarder.close(films[index].view, at: now)
      films.remove(at: index)
    }
    if films.isEmpty, !isFilming { forwarder.unwatch(Film.watcher) }
    guard isFilming else { return }
    for member in members where films.count < Film.maximumFilms && sendsFilm(member.leg) {
      guard !films.contains(where: { $0.leg == member.leg }) else { continue }
      lastFilm &+= 1
      let plan = ViewPlan(payloadType: 96, ssrc: lastFilm)
      guard let view = forwarder.openView(Film.watcher, plan, at: now) else { return }
      films.append(Film(leg: member.leg, view: view, ssrc: lastFilm))
      forwarder.show(member.leg, in: view, layers: LayerSelector.Layers(stream: 2, temporal: 3), at: now)
    }
  }

  /// What is due of films in every tick: losses are given up, and key frames asked for.
  mutating func tickFilms(at now: Instant) {
    for index in films.indices where films[index].timeout(at: now) { wantKeyFrame(of: films[index].leg, at: now) }
  }

  /// A recording can go on with a key frame only.
  mutating func wantKeyFrame(of leg: LegID, at now: Instant) {
    guard let film = films.first(where: { $0.leg == leg }) else { return }
    let request = KeyFrameRequest.pictureLoss.feedback(sender: film.ssrc, media: film.ssrc)
    forwarder.receive(request, fromWatcher: Film.watcher, at: now)
  }

  /// All frames have been written.
  mutating func removeFilmed() {
    for index in films.indices { films[index].removeFrames() }
  }

  private func sendsFilm(_ leg: LegID) -> Bool { members.contains { $0.leg == leg && $0.publisher?.codec == .vp8 } }
}
