/// What the jitter buffer asks of the audio that waits behind it.
package enum DelayAdvice: Hashable, Sendable {
  case keep
  /// The buffer holds more than the network needs: shorten the audio by a pitch period now and then.
  case accelerate
  /// The buffer holds less than the network needs: lengthen it.
  case expand
}
