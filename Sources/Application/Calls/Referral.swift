import Primitives
import SIP

/// Who asked for a dialled call by REFER, and how it is told of the outcome: RFC 3515, section 2.4.4.
enum Referral: Sendable {
  /// Within the dialog of a call.
  case call(String, Transfer)
  /// By a REFER outside of any call, which made a dialog of its own (RFC 4579, section 5.5).
  case stranger(Dialog, Transfer, contact: String, destination: SIPDestination?)
}
