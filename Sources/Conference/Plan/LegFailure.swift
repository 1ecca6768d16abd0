import ICE
import SecureRTP

/// Why a protected leg has no media: costs the leg.
package enum LegFailure: Error, Hashable, Sendable {
  /// ICE: the peer nominated no way to us in time.
  case noWay
  /// ICE: the peer has not confirmed for 30 s that it wants our packets (RFC 7675).
  case consentLost
  /// The peer's certificate is not the one that its session description names.
  case fingerprint
  /// The peer wants no SRTP, or no profile that we have.
  case noProfile
  /// The DTLS handshake was not finished in time.
  case timedOut
  /// The DTLS handshake failed, or the keys are of no use; the library's words.
  case handshake(String)
  /// What was agreed does not fit how the leg was opened.
  case mismatch

  init(_ failure: ICEFailure) {
    switch failure {
    case .noNomination: self = .noWay
    case .consentExpired, .connectionClosed: self = .consentLost
    }
  }

  init(_ error: DTLSError) {
    switch error {
    case .library(let text), .handshake(let text): self = .handshake(text)
    case .fingerprint: self = .fingerprint
    case .noProfile: self = .noProfile
    case .timedOut: self = .timedOut
    case .closed: self = .handshake("closed")
    }
  }
}

extension LegFailure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noWay: "no way to the peer was found"
    case .consentLost: "the peer has not been reached for 30 s"
    case .fingerprint: "the peer's certificate is not the one that it announced"
    case .noProfile: "the peer offers no SRTP profile that we have"
    case .timedOut: "the peer did not finish the DTLS handshake"
    case .handshake(let reason): "the DTLS handshake failed: \(reason)"
    case .mismatch: "the media that was agreed does not fit the leg's ports"
    }
  }
}
