/// What forwarding needs to know of one packet of video, whichever codec it is.
package struct FrameMark: Hashable, Sendable {
  /// Where a watcher of fewer temporal layers may begin to see more.
  package enum TemporalSwitch: Hashable, Sendable {
    case none
    /// This frame depends on the base layer only: whoever sees the layer below may see this one from here (VP8's Y).
    case toThisLayer
    /// Later frames of higher layers depend on nothing of theirs before this frame (VP9's U).
    case toHigherLayers
  }

  /// The first packet of a frame.
  package var startsFrame: Bool
  /// The first packet of a frame that depends on no other.
  package var startsKeyFrame: Bool
  /// 0 is the base; also where the payload does not say.
  package var temporalLayer: UInt8
  /// A spatial layer inside one RTP stream (SVC); 0 is the base. Simulcast has a stream for each instead.
  package var spatialLayer: UInt8
  package var temporalSwitch: TemporalSwitch
  /// What the VP8 descriptor says, for rewriting.
  package var vp8: VP8Descriptor?
  /// Picture elements, where this packet says them; 0 where not.
  package var width: UInt16
  package var height: UInt16

  package init(
    startsFrame: Bool, startsKeyFrame: Bool, temporalLayer: UInt8 = 0, spatialLayer: UInt8 = 0,
    temporalSwitch: TemporalSwitch = .none, vp8: VP8Descriptor? = nil, width: UInt16 = 0, height: UInt16 = 0
  ) {
    self.startsFrame = startsFrame
    self.startsKeyFrame = startsKeyFrame
    self.temporalLayer = temporalLayer
    self.spatialLayer = spatialLayer
    self.temporalSwitch = temporalSwitch
    self.vp8 = vp8
    self.width = width
    self.height = height
  }
}
