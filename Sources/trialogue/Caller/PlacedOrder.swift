import ICE

/// An order whose call has no answer yet.
struct PlacedOrder {
  var order: CallerOrder
  /// The port that waits for the media.
  var port: Int
  /// What a browser's offer says of ICE.
  var credentials: ICECredentials?
}
