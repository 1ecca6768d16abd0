/// What a codec mode request (CMR) means to the encoder that gets it (RFC 4867, section 4.3.1). It holds until the next one.
package enum AMRModeRequest: Hashable, Sendable {
  /// No request, or one for the best mode that may be sent.
  case best
  /// A mode that is not the best one.
  case mode(Int)

  /// Nil if the value is to be ignored: it is none that the RFC defines, or a mode that the receiver did not allow itself.
  /// - Parameters:
  ///   - value: the field, 0 to 15.
  ///   - parameters: the receiver's.
  package init?(_ value: Int, band: AMRBand, parameters: AMRParameters) {
    if value == AMRPayload.noRequest {
      self = .best
      return
    }
    guard (0...band.highestMode).contains(value), parameters.allows(value),
      let best = (0...band.highestSentMode).last(where: { parameters.allows($0) })
    else { return nil }
    self = value < best ? .mode(value) : .best
  }
}
