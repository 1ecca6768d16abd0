/// How coarsely G.726 quantises: the scale factor and the speed at which it adapts (ITU-T G.726, sections 2.4, 2.5, 4.2.4
/// and 4.2.5).
///
/// The names of the blocks (FILTD, LIMB, SUBTC …) are the recommendation's.
struct G726Scale: Sendable {
  /// YU and YL: the fast (unlocked) and the slow (locked) scale factor; logarithms to base 2, Q9 and Q15.
  private var fast: Int32 = 544
  private(set) var slow: Int32 = 34_816
  /// DMS and DML: short- and long-term mean of the codes' magnitudes, Q9 and Q11.
  private var shortMean: Int32 = 0
  private var longMean: Int32 = 0
  /// AP: towards 0 the slow factor rules, from 256 on the fast one.
  private var speed: Int32 = 0

  /// LIMA, MIX: the scale factor Y.
  @inline(__always)
  var factor: Int32 {
    let locked = slow &>> 6
    return locked &+ (fast &- locked) &* min(speed &>> 2, 64) / 64
  }

  /// - Parameters:
  ///   - entry: of the code word.
  ///   - factor: as it was for this code word.
  ///   - tone: the signal is a narrow band (TDP).
  ///   - transition: such a signal has just changed (TR).
  @inline(__always)
  mutating func adapt(_ entry: G726Tables.Entry, factor: Int32, tone: Bool, transition: Bool) {
    // FILTD, LIMB, FILTE
    fast = min(max(factor &+ ((Int32(entry.scaleStep) &<< 5) &- factor) &>> 5, 544), 5_120)
    slow = slow &+ fast &+ (0 &- slow) &>> 6
    // FILTA, FILTB
    let rate = Int32(entry.rate)
    shortMean = shortMean &+ ((rate &<< 9) &- shortMean) &>> 5
    longMean = longMean &+ ((rate &<< 11) &- longMean) &>> 7
    // SUBTC, FILTC, TRIGA
    let unsettled = factor < 1_536 || abs((shortMean &<< 2) &- longMean) >= longMean &>> 3 || tone
    speed = transition ? 256 : speed &+ ((unsettled ? 512 : 0) &- speed) &>> 4
  }
}
