import Conference

/// A leg on its way from one loop to another: the only reference to it, so that no two threads ever see it.
///
/// A leg owns codec states, which are no `Sendable` values; `Room.extractLeg` gives it encoders of its own, so nothing that stays
/// behind refers to any of it. A browser's leg keeps the DTLS context of the loop where it was opened: that is not changed any
/// more, and OpenSSL counts its users across threads. The parcel must be opened exactly once.
struct LegParcel: Sendable {
  private let address: UInt

  /// Packs the leg; the sender keeps nothing of it.
  init(_ leg: consuming Leg) {
    unsafe address = UInt(bitPattern: Unmanaged.passRetained(Box(leg)).toOpaque())
  }

  /// Takes the leg out; once.
  consuming func open() -> Leg {
    guard let pointer = unsafe UnsafeRawPointer(bitPattern: address) else {
      preconditionFailure("a parcel holds a leg")
    }
    return unsafe Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().leg
  }

  private final class Box {
    let leg: Leg
    init(_ leg: consuming Leg) { self.leg = leg }
  }
}
