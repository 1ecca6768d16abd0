/// Measures a received voice stream as RFC 3611, section 4.7, wants it: loss and discard, bursts and gaps (appendix A.2), and the
/// R factor and MOS that the E-model (ITU-T G.107) reckons from them.
package struct VoIPMetrics: Sendable {
  /// What became of one packet that was expected.
  package enum Fate: Hashable, Sendable {
    case played
    /// It never came.
    case lost
    /// It came too late, or there was no room.
    case discarded
  }

  /// Gmin: fewer packets than this between two losses make them one burst.
  package static let minimumGap = 16

  /// How a codec takes loss: ITU-T G.113, appendix I.
  package struct Impairment: Hashable, Sendable {
    /// Ie: without loss.
    package var equipment: Double
    /// Bpl: the higher, the better concealment works.
    package var robustness: Double
    package init(equipment: Double, robustness: Double) {
      self.equipment = equipment
      self.robustness = robustness
    }
    /// G.711 with concealment.
    package static let g711 = Impairment(equipment: 0, robustness: 25.1)
  }

  private let packetTime: Double
  private var run = 0
  private var lossesInBurst = 0
  private var total = 0
  private var lossCount = 0
  private var discardCount = 0
  // Transitions between the states of appendix A.2: 1 gap without loss, 2 burst without loss, 3 burst loss, 4 gap loss.
  private var c11 = 0
  private var c13 = 0
  private var c14 = 0
  private var c22 = 0
  private var c23 = 0
  private var c33 = 0

  /// - Parameter packetTime: milliseconds of audio in a packet.
  package init(packetTime: Double = 20) { self.packetTime = packetTime }

  package mutating func count(_ fate: Fate) {
    total &+= 1
    switch fate {
    case .played:
      run &+= 1
      return
    case .lost: lossCount &+= 1
    case .discarded: discardCount &+= 1
    }
    if run >= Self.minimumGap {
      if lossesInBurst == 1 { c14 &+= 1 } else { c13 &+= 1 }
      lossesInBurst = 1
      c11 &+= run
    } else {
      lossesInBurst &+= 1
      if run == 0 {
        c33 &+= 1
      } else {
        c23 &+= 1
        c22 &+= run &- 1
      }
    }
    run = 0
  }

  /// A packet that was counted as lost has come after all, too late.
  package mutating func lostCameLate() {
    guard lossCount > 0 else { return }
    lossCount &-= 1
    discardCount &+= 1
  }

  /// Share of packets lost or discarded, 0 to 1.
  package var lossFraction: Double { total == 0 ? 0 : Double(lossCount &+ discardCount) / Double(total) }

  /// The R factor of a call, 0 to 100; G.107 with its defaults for all that is not measured here.
  ///
  /// - Parameter delay: one way, mouth to ear, in milliseconds.
  package func rFactor(delay: Double, impairment: Impairment = .g711) -> Double {
    let loss = lossFraction * 100
    // Loss in bursts hurts more than loss at random: G.107's BurstR.
    let expected = 1 / max(1 - lossFraction, 0.001)
    let burstRatio = min(max(meanBurst / expected, 1), 8)
    let equipment =
      impairment.equipment + (95 - impairment.equipment) * loss / (loss / burstRatio + impairment.robustness)
    let delayImpairment = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0)
    return min(max(93.2 - delayImpairment - equipment, 0), 100)
  }

  /// The mean opinion score, 1 to 4.5, that G.107, annex B, gives for an R factor.
  package static func meanOpinionScore(_ r: Double) -> Double {
    if r <= 0 { return 1 }
    if r >= 100 { return 4.5 }
    return min(max(1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6, 1), 4.5)
  }

  /// The block for an extended report.
  ///
  /// - Parameters: delays in milliseconds.
  package func block(
    ssrc: UInt32, roundTrip: Double?, jitterBufferNominal: Double, jitterBufferMaximum: Double,
    jitterBufferAbsoluteMaximum: Double, endSystemDelay: Double, signalLevel: Int8? = nil,
    impairment: Impairment = .g711
  ) -> VoIPMetricsBlock {
    var block = VoIPMetricsBlock(ssrc: ssrc)
    block.minimumGap = UInt8(Self.minimumGap)
    block.lossRate = share(Double(lossCount), of: Double(total))
    block.discardRate = share(Double(discardCount), of: Double(total))
    fillBursts(&block)
    block.roundTripDelay = milliseconds(roundTrip ?? 0)
    block.endSystemDelay = milliseconds(endSystemDelay)
    block.signalLevel = signalLevel ?? 127
    let oneWay = (roundTrip ?? 0) / 2 + endSystemDelay
    let r = rFactor(delay: oneWay, impairment: impairment)
    block.rFactor = UInt8(clamping: Int(r.rounded()))
    let listening = Self.meanOpinionScore(rFactor(delay: 0, impairment: impairment))
    block.mosListening = UInt8(clamping: Int((listening * 10).rounded()))
    block.mosConversational = UInt8(clamping: Int((Self.meanOpinionScore(r) * 10).rounded()))
    // Enhanced concealment (3), adaptive jitter buffer (3), rate not said.
    block.receiverConfiguration = 0b1111_0000
    block.jitterBufferNominal = milliseconds(jitterBufferNominal)
    block.jitterBufferMaximum = milliseconds(jitterBufferMaximum)
    block.jitterBufferAbsoluteMaximum = milliseconds(jitterBufferAbsoluteMaximum)
    return block
  }

  private func fillBursts(_ block: inout VoIPMetricsBlock) {
    let c31 = c13
    let c32 = c23
    // The run that still lasts belongs to the gap.
    let quiet = c11 &+ run
    let all = quiet &+ c14 &+ c13 &+ c22 &+ c23 &+ c31 &+ c32 &+ c33
    block.gapDensity = share(Double(c14), of: Double(quiet &+ c14))
    guard c13 > 0 else {
      block.gapDuration = milliseconds(Double(all) * packetTime)
      return
    }
    let p32 = Double(c32) / Double(c31 &+ c32 &+ c33)
    let p23 = c22 &+ c23 < 1 ? 1 : 1 - Double(c22) / Double(c22 &+ c23)
    block.burstDensity = share(p23, of: p23 + p32)
    let gap = Double(quiet &+ c14 &+ c13) * packetTime / Double(c13)
    block.gapDuration = milliseconds(gap)
    block.burstDuration = milliseconds(Double(all) * packetTime / Double(c13) - gap)
  }

  /// Mean length of a run of losses, in packets.
  private var meanBurst: Double {
    let losses = lossCount &+ discardCount
    let runs = losses &- c33
    return runs > 0 ? Double(losses) / Double(runs) : 1
  }

  private func share(_ part: Double, of whole: Double) -> UInt8 {
    whole > 0 ? UInt8(clamping: Int(part * 256 / whole)) : 0
  }

  private func milliseconds(_ value: Double) -> UInt16 { UInt16(clamping: Int(min(max(value, 0), 65_535))) }
}
