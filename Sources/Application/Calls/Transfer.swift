/// A REFER of the peer that is being carried out: the subscription that it makes, RFC 3515, section 2.4.4.
package struct Transfer: Hashable, Sendable {
  /// The CSeq number of the REFER: the `id` of the event in NOTIFYs.
  package let id: UInt32
  /// False with `Refer-Sub: false` (RFC 4488): nobody wants to know.
  package let isReported: Bool

  package init(id: UInt32, isReported: Bool) {
    self.id = id
    self.isReported = isReported
  }
}
