import Application

/// Why a call of XML-RPC failed: a number and a sentence. Numbers below zero are those that implementations have agreed on
/// for faults of the protocol; the others are HTTP's for the same refusal by REST.
struct XMLRPCFault: Error, Hashable {
  var code: Int
  var reason: String

  static func parse(_ reason: String) -> XMLRPCFault { XMLRPCFault(code: -32_700, reason: "Not read: \(reason)") }
  static func unknownMethod(_ name: String) -> XMLRPCFault {
    XMLRPCFault(
      code: -32_601, reason: "There is no method '\(Problem.harmless(name))'; system.listMethods tells those that are")
  }
  static func parameters(_ reason: String) -> XMLRPCFault { XMLRPCFault(code: -32_602, reason: reason) }

  init(code: Int, reason: String) {
    self.code = code
    self.reason = reason
  }

  init(_ error: ControlError) { self.init(code: Problem(error).code, reason: error.detail) }

  var text: String {
    let value = XMLRPCValue.structure(["faultCode": .int(code), "faultString": .string(reason)])
    return "<?xml version=\"1.0\"?>\n<methodResponse><fault>\(value.text)</fault></methodResponse>\n"
  }
}
