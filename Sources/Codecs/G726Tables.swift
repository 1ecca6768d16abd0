/// The tables of one rate (ITU-T G.726, section 4.2: tables 6 to 9 of QUAN, RECONST, FUNCTW and FUNCTF).
struct G726Tables: Sendable {
  /// What a code word means.
  struct Entry: Sendable {
    /// DQLN: the quantised difference, normalised; logarithm to base 2, Q7.
    var difference: Int16
    /// WI: what it does to the scale factor, Q4.
    var scaleStep: Int16
    /// FI: its magnitude, for the speed of adaptation.
    var rate: Int16
  }

  /// By code word.
  let entries: [Entry]
  /// Decision levels of the normalised difference, logarithms to base 2, Q7.
  let levels: [Int16]

  static func of(_ rate: G726BitRate) -> G726Tables {
    switch rate {
    case .kilobits16: kilobits16
    case .kilobits24: kilobits24
    case .kilobits32: kilobits32
    case .kilobits40: kilobits40
    }
  }

  private static let kilobits16 = G726Tables(
    differences: [116, 365], scaleSteps: [-22, 439], rates: [0, 7], levels: [261])
  private static let kilobits24 = G726Tables(
    differences: [-2_048, 135, 273, 373], scaleSteps: [-4, 30, 137, 582], rates: [0, 1, 2, 7],
    levels: [8, 218, 331])
  private static let kilobits32 = G726Tables(
    differences: [-2_048, 4, 135, 213, 273, 323, 373, 425], scaleSteps: [-12, 18, 41, 64, 112, 198, 355, 1_122],
    rates: [0, 0, 0, 1, 1, 1, 3, 7], levels: [-124, 80, 178, 246, 300, 349, 400])
  private static let kilobits40 = G726Tables(
    differences: [-2_048, -66, 28, 104, 169, 224, 274, 318, 358, 395, 429, 459, 488, 514, 539, 566],
    scaleSteps: [14, 14, 24, 39, 40, 41, 58, 100, 141, 179, 219, 280, 358, 440, 529, 696],
    rates: [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6],
    levels: [-122, -16, 68, 139, 198, 250, 298, 339, 378, 413, 445, 475, 502, 528, 553])

  /// Of code words without sign; those with sign are their complements.
  private init(differences: [Int16], scaleSteps: [Int16], rates: [Int16], levels: [Int16]) {
    let positive = differences.indices.map {
      Entry(difference: differences[$0], scaleStep: scaleSteps[$0], rate: rates[$0])
    }
    entries = positive + positive.reversed()
    self.levels = levels
  }
}
