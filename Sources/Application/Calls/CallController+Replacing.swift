import Primitives
import SIP

/// INVITE with Replaces: a call takes the place of another one (RFC 3891).
extension CallController {
  /// The call that an INVITE wants to replace; nil if it wants none.
  func replacedCall(_ request: SIPRequest) throws(SeatRefusal) -> String? {
    let values = request.headers.all("Replaces")
    guard let first = values.first else { return nil }
    guard values.count == 1, !request.headers.has("Join"), let replaces = Replaces(first) else {
      throw SeatRefusal(status: 400, reason: "Bad Replaces")
    }
    let key = DialogID(callID: replaces.callID, localTag: replaces.toTag, remoteTag: "")
    guard let id = dialogs[key], let call = table[id] else {
      throw SeatRefusal(status: 481, reason: "No such call to replace")
    }
    switch call.stage {
    case .leaving, .ended: throw SeatRefusal(status: 603, reason: "The call to replace has ended")
    case .established:
      guard call.dialog?.remoteTag == replaces.fromTag else {
        throw SeatRefusal(status: 481, reason: "No such call to replace")
      }
      // Section 3: early-only wants one that still rings.
      if replaces.isEarlyOnly { throw SeatRefusal(status: 486, reason: "The call to replace was answered") }
    case .outgoing(let attempt):
      guard attempt.early[replaces.fromTag] != nil else {
        throw SeatRefusal(status: 481, reason: "No such call to replace")
      }
    // Section 3: an early call that we did not begin cannot be replaced.
    case .incoming: throw SeatRefusal(status: 481, reason: "No such call to replace")
    }
    return id
  }

  /// The new call has its seat: the old one gives its up.
  func takeOver(_ id: String) async { await hangUp(call: id, cause: "replaced") }
}
