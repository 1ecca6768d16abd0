/// What a program is told that is asked for the next steps of a flow; JSON as its members are named.
package struct FlowSituation: Encodable, Hashable, Sendable {
  package var call: String
  /// A SIP URI.
  package var caller: String
  /// As the caller's phone shows it.
  package var name: String
  package var flow: String
  package var block: String
  package var language: String
  package var context: [String: String]
  /// Keys of the context that the shop's back end has signed; all others are hearsay.
  package var signed: [String]
  /// What the flow has gathered and set.
  package var values: [String: String]
  /// How many times the flow has asked, this one included.
  package var number: Int

  package init(
    call: String, caller: String, name: String, flow: String, block: String, language: String, context: CallContext,
    values: [String: String], number: Int
  ) {
    self.call = call
    self.caller = caller
    self.name = name
    self.flow = flow
    self.block = block
    self.language = language
    self.context = context.values
    self.signed = context.signed.sorted()
    self.values = values
    self.number = number
  }
}
