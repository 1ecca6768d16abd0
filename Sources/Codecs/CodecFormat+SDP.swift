extension CodecFormat {
  /// The format with what an `a=fmtp` says, without the payload type.
  package func reading(fmtp: String) -> CodecFormat {
    var format = self
    switch parameters {
    case .none, .g726: break
    case .opus: format.parameters = .opus(OpusParameters(fmtp: fmtp))
    case .speex: format.parameters = .speex(SpeexParameters(fmtp: fmtp))
    case .ilbc: format.parameters = .ilbc(ILBCFrame(fmtp: fmtp))
    case .amr: format.parameters = .amr(AMRParameters(fmtp: fmtp))
    }
    return format
  }

  /// The text of an `a=fmtp` after the payload type; empty if there is nothing to say.
  package var fmtp: String {
    switch parameters {
    case .none, .g726: ""
    case .opus(let parameters): parameters.fmtp
    case .speex(let parameters): parameters.fmtp
    case .ilbc(let frame): frame.fmtp
    case .amr(let parameters): parameters.fmtp
    }
  }
}
