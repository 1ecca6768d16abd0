/// The two frame lengths of iLBC at 8 kHz (RFC 3951, section 2.1); what else depends on the length hangs on this.
package enum ILBCFrame: Hashable, Sendable, Codable, CaseIterable {
  /// 15.2 kbit/s
  case twentyMilliseconds
  /// 13.33 kbit/s
  case thirtyMilliseconds

  /// Samples of a frame.
  package var samples: Int { self == .twentyMilliseconds ? 160 : 240 }
  /// Octets of a coded frame.
  package var octets: Int { self == .twentyMilliseconds ? 38 : 50 }

  /// Sub-blocks of 40 samples.
  var subblocks: Int { self == .twentyMilliseconds ? 4 : 6 }
  /// Those that are coded from the codebook; the start state lies in the other two.
  var codedSubblocks: Int { subblocks &- 2 }
  /// Samples of the start state, which are coded one by one.
  var stateSamples: Int { self == .twentyMilliseconds ? 57 : 58 }
  /// Linear prediction analyses of a frame.
  var spectra: Int { self == .twentyMilliseconds ? 1 : 2 }
  /// Sub-blocks by which the enhancer delays.
  var delayedSubblocks: Int { self == .twentyMilliseconds ? 1 : 2 }
}
