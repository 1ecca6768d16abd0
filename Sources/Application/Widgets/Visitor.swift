/// Who calls by a widget: a page's visitor, known by no more than the page, the network, and what the shop has signed.
package struct Visitor: Hashable, Sendable {
  package let widget: Widget
  package let origin: PageOrigin
  package let network: VisitorNetwork
  /// Nil where no tokens are asked for.
  package let token: CallToken?

  package init(widget: Widget, origin: PageOrigin, network: VisitorNetwork, token: CallToken?) {
    self.widget = widget
    self.origin = origin
    self.network = network
    self.token = token
  }
}
