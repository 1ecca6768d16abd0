/// Why an encoder or a decoder could not be made. Costs the leg that asked for it, no more.
package enum CodecError: Error, Hashable, Sendable {
  /// The codec does not work at this rate, in hertz.
  case unsupportedSampleRate(Int)
  case unsupportedChannels(Int)
  /// The C library refused; its own error number.
  case library(Int)
}
