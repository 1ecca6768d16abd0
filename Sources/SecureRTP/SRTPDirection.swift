/// Which way the packets of a context go.
package enum SRTPDirection: Hashable, Sendable {
  case outgoing, incoming
}
