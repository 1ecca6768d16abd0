/// Who hears whom, where not everybody hears everybody.
extension Room {
  /// Before a tick: voices go over to other audiences, and who hears which of them follows. Costs nothing while nobody
  /// comes, goes or whispers anew.
  mutating func followVoices() {
    guard isHearingStale else { return }
    isHearingStale = false
    var taken: Asides = []
    for slot in legs.indices {
      guard let reach = legs[slot]?.followVoice() else { continue }
      if reach.isChanging { isHearingStale = true }
      if let place = reach.place { taken.insert(Asides(place: place)) }
    }
    var voices: [(leg: LegID, place: Int, audience: Set<LegID>)] = []
    for slot in legs.indices {
      guard let leg = legs[slot]?.id, case .members(let audience)? = legs[slot]?.reach.audience else { continue }
      if legs[slot]?.reach.wantsPlace ?? false, let place = taken.vacancy {
        legs[slot]?.reach.place = place
        taken.insert(Asides(place: place))
      }
      if let place = legs[slot]?.reach.place { voices.append((leg, place, audience)) }
    }
    for slot in legs.indices {
      guard let leg = legs[slot]?.id else { continue }
      var heard: Asides = []
      for voice in voices where voice.leg != leg && voice.audience.contains(leg) {
        heard.insert(Asides(place: voice.place))
      }
      legs[slot]?.hear(heard)
    }
  }
}
