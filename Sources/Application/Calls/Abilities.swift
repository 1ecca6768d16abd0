import SIP

/// What this end can do, in the header fields that say so (RFC 3261, section 20).
enum Abilities {
  static let methods: [SIPMethod] = [
    .invite, .ack, .cancel, .bye, .options, .prack, .update, .info, .refer, .subscribe, .notify, .register,
    .message,
  ]
  static let allow = methods.map(\.rawValue).joined(separator: ", ")
  static let options = ["100rel", "timer", "replaces", "norefersub"]
  static let supported = options.joined(separator: ", ")
  static let accept = "application/sdp, multipart/mixed, application/dtmf-relay, application/dtmf, text/plain"
  static let events = "conference, refer"
  static let validation = RequestValidation(methods: methods, options: options)
}
