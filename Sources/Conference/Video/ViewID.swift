/// One stream of a watcher in its forwarder; used again after it was closed.
package struct ViewID: Hashable, Sendable {
  package var slot: Int
  package init(_ slot: Int) { self.slot = slot }
}
