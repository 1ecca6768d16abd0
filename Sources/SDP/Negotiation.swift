import Primitives

/// Offer and answer: RFC 3264. One audio section, and video sections that share its transport; everything else is refused with
/// port 0.
package enum Negotiation {
  /// Answers an offer. `previous` is our last description of the same call: the version of `o=` goes up only if
  /// something changed.
  package static func answer(
    to offer: SessionDescription, local: LocalMedia, previous: SessionDescription? = nil
  ) throws(NegotiationError) -> (answer: SessionDescription, agreed: [AgreedMedia]) {
    var agreed: [AgreedMedia] = []
    var sections: [MediaDescription] = []
    let taken = offer.media.enumerated().lazy.compactMap { index, section in
      agreement(on: section, index: index, of: offer, local: local)
    }
    guard let audio = taken.first else { throw .nothingInCommon }
    let bundle = bundle(with: offer.media[audio.index].mid, in: offer)
    var isReceiving = false
    for (index, section) in offer.media.enumerated() {
      if index == audio.index {
        agreed.append(.audio(audio))
        sections.append(answering(section, with: audio, local: local))
      } else if var video = video(on: section, index: index, of: offer, bundle: bundle, local: local) {
        // One picture is taken from each member.
        if isReceiving { video.direction = video.direction.limited(to: .sendonly) }
        isReceiving = isReceiving || video.direction.receives
        agreed.append(.video(video))
        sections.append(answering(section, with: video, audio: audio, local: local))
      } else {
        agreed.append(.refused)
        sections.append(refusal(of: section))
      }
    }
    return (description(of: sections, local: local, previous: previous), agreed)
  }

  /// Offers our audio. With `previous`, our last description of the call, sections keep their places and codecs their
  /// numbers (RFC 3264, section 8).
  package static func offer(_ local: LocalMedia, previous: SessionDescription? = nil) -> SessionDescription {
    guard let previous, let index = previous.media.firstIndex(where: { $0.media == "audio" && $0.port != 0 }) else {
      return description(of: [offering(local, keeping: nil)], local: local, previous: previous)
    }
    var sections = previous.media.map { section in
      section.media == "video" && section.port != 0 ? reoffering(section, local: local) : refusal(of: section)
    }
    sections[index] = offering(local, keeping: previous.media[index])
    return description(of: sections, local: local, previous: previous)
  }

  /// Reads the peer's answer to an offer of ours.
  package static func accept(
    _ answer: SessionDescription, to offer: SessionDescription, local: LocalMedia
  ) throws(NegotiationError) -> [AgreedMedia] {
    guard answer.media.count == offer.media.count else { throw .mismatch }
    var agreed: [AgreedMedia] = []
    let audible = offer.media.firstIndex { $0.media == "audio" && $0.port != 0 }
    let bundle = bundle(with: audible.flatMap { answer.media[$0].mid }, in: answer)
    for (index, section) in answer.media.enumerated() {
      let ours = offer.media[index]
      guard section.media == ours.media else { throw .mismatch }
      guard ours.port != 0 else {
        agreed.append(.refused)
        continue
      }
      if let audio = acceptance(of: section, index: index, in: answer, ours: ours, local: local) {
        agreed.append(.audio(audio))
      } else if let video = video(
        on: section, index: index, of: answer, bundle: bundle, answering: ours, local: local)
      {
        agreed.append(.video(video))
      } else {
        agreed.append(.refused)
      }
    }
    guard agreed.contains(where: { $0.audio != nil }) else { throw .nothingInCommon }
    return agreed
  }

  /// The whole description; its version is one above `previous` if anything but the version differs.
  private static func description(
    of sections: [MediaDescription], local: LocalMedia, previous: SessionDescription?
  ) -> SessionDescription {
    let last = previous.flatMap { UInt64($0.origin.sessionVersion) } ?? local.sessionID
    var description = SessionDescription(
      origin: Origin(sessionID: local.sessionID, version: last, address: local.rtp.ip),
      connection: Connection(local.rtp.ip), media: sections)
    addSession(local, to: &description)
    if let previous, previous != description { description.origin.sessionVersion = String(last &+ 1) }
    return description
  }

  /// RFC 3264, section 6: the refused section is repeated with port 0 and at least one format.
  static func refusal(of section: MediaDescription) -> MediaDescription {
    var refused = MediaDescription(
      media: section.media, port: 0, transport: section.transport,
      formats: section.formats.isEmpty ? ["0"] : Array(section.formats.prefix(1)))
    if let mid = section.mid { refused.attributes.append("mid", mid) }
    return refused
  }
}
