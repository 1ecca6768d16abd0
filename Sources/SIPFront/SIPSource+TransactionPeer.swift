import Application
import SIP

extension SIPSource {
  init(_ peer: TransactionPeer, origin: PageOrigin?) {
    self.init(
      transport: peer.transport, remote: peer.remote, local: peer.local, flow: peer.flow.map { FlowID($0) },
      origin: origin)
  }
}

extension SignallingFailure {
  init(_ failure: TransactionFailure) {
    switch failure {
    case .timeout: self = .timeout
    case .transport(let reason): self = .unreachable(reason: reason)
    case .overload: self = .unreachable(reason: "too many transactions")
    }
  }
}
