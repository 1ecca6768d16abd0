import Primitives
import SDP
import SIP

/// What the server answers to the callers' requests.
extension CallAgent {
  mutating func receive(_ response: SIPResponse, _ transaction: ClientTransactionID, at now: Instant) {
    guard let id = owners[transaction] else { return }
    // A 2xx to INVITE may come again as long as its transaction lives; a call that is gone has nothing to say to it.
    guard let call = calls[id], response.status >= 200 else { return }
    switch call.stage {
    case .inviting(let current, let isUnwanted):
      guard current == transaction else { return }
      if response.status < 300 {
        stand(call, response, isUnwanted: isUnwanted, at: now)
      } else {
        owners[transaction] = nil
        refuse(call, response, isUnwanted: isUnwanted, at: now)
      }
    case .standing(_, let acknowledgement):
      if isInvite(response) { transactions.acknowledge(acknowledgement, to: peer) }
    case .leaving(_, let acknowledgement, let ending):
      if isInvite(response) {
        transactions.acknowledge(acknowledgement, to: peer)
      } else {
        owners[transaction] = nil
        forget(call, ending)
      }
    }
  }

  mutating func fail(_ transaction: ClientTransactionID, _ failure: TransactionFailure, at now: Instant) {
    guard let id = owners.removeValue(forKey: transaction), let call = calls[id] else { return }
    switch call.stage {
    case .inviting(_, let isUnwanted):
      switch failure {
      case .timeout: forget(call, isUnwanted ? .ours : .timeout)
      case .transport(let reason): forget(call, .local(reason))
      case .overload: forget(call, .local("too many calls at a time"))
      }
    case .standing: break
    // The server did not answer the BYE: for us the call is over all the same.
    case .leaving(_, _, let ending): forget(call, ending)
    }
  }

  private func isInvite(_ response: SIPResponse) -> Bool { response.headers.cSeq?.method == .invite }

  private mutating func stand(_ call: AgentCall, _ response: SIPResponse, isUnwanted: Bool, at now: Instant) {
    var call = call
    guard let dialog = try? Dialog(uac: call.invite, response: response), let number = call.invite.headers.cSeq?.number
    else { return forget(call, .unusable("the 200 makes no dialog")) }
    let acknowledgement = dialog.acknowledge(number)
    transactions.acknowledge(acknowledgement, to: peer)
    call.stage = .standing(dialog, acknowledgement: acknowledgement)
    calls[call.id] = call
    if isUnwanted { return leave(call, dialog, acknowledgement, as: .ours, at: now) }
    guard let answer = try? SessionDescription(parsing: response.body),
      let audio = try? Negotiation.accept(answer, to: call.description, local: call.media).lazy.compactMap(\.audio)
        .first,
      audio.remoteRTP != nil
    else { return leave(call, dialog, acknowledgement, as: .unusable("the 200's SDP cannot be used"), at: now) }
    emit(.answered(call.id, audio, after: now.nanoseconds(since: call.started)))
  }

  private mutating func refuse(_ call: AgentCall, _ response: SIPResponse, isUnwanted: Bool, at now: Instant) {
    if isUnwanted { return forget(call, .ours) }
    let isChallenge = response.status == 401 || response.status == 407
    guard isChallenge, !call.hasProvenItself, let credentials,
      let challenge = DigestChallenge.choose(from: response.headers, status: response.status),
      let number = call.invite.headers.cSeq?.number,
      let proof = challenge.answer(
        username: credentials.username, secret: credentials.secret, method: .invite, uri: call.invite.uri.text,
        body: call.invite.body, count: 1, clientNonce: random.token(16))
    else { return forget(call, .refused(status: response.status, reason: response.reason)) }
    var call = call
    call.hasProvenItself = true
    call.invite.headers.set("CSeq", CSeq(number: number + 1, method: .invite).description)
    call.invite.headers.set(response.status == 407 ? "Proxy-Authorization" : "Authorization", proof.description)
    let transaction = newTransaction(for: call.id)
    call.stage = .inviting(transaction, isUnwanted: false)
    calls[call.id] = call
    transactions.send(call.invite, id: transaction, to: peer, at: now)
  }
}
