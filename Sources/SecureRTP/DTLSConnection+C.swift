import COpenSSL

/// One DTLS association as OpenSSL sees it: octets in and out, and what the handshake yields.
@safe struct DTLSConnection: ~Copyable {
  /// What a step led to.
  enum Step: Hashable {
    case waiting, done, closed
    case failed(String)
  }

  /// Octets of a datagram at most; fits every way that browsers use.
  static let mtu = 1_200
  /// First wait for an answer in microseconds, doubled up to the last. RFC 6347, section 4.2.4.1, allows less than a
  /// second where latency counts; browsers begin at 50 ms.
  private static let firstTimeout: UInt32 = 100_000
  private static let lastTimeout: UInt32 = 3_200_000
  /// Records of one datagram that are read at most.
  private static let maximumRecords = 64

  private let session: OpaquePointer
  private let datagrams: DTLSDatagrams
  /// Holds the method table that the session's BIO uses.
  private let context: DTLSContext

  init(_ context: DTLSContext, role: DTLSRole) throws(DTLSError) {
    ERR_clear_error()
    guard let session = unsafe SSL_new(context.context) else { throw .library(OpenSSLError.take()) }
    let datagrams = DTLSDatagrams()
    guard let bio = unsafe datagrams.bio(context.method) else {
      unsafe SSL_free(session)
      throw .library(OpenSSLError.take())
    }
    // The session owns the BIO from here on, once for both ways.
    unsafe SSL_set_bio(session, bio, bio)
    unsafe trialogue_dtls_set_mtu(session, Self.mtu)
    unsafe DTLS_set_timer_cb(session) { _, last in DTLSConnection.timeout(after: last) }
    switch role {
    case .client: unsafe SSL_set_connect_state(session)
    case .server: unsafe SSL_set_accept_state(session)
    }
    unsafe self.session = session
    self.datagrams = datagrams
    self.context = context
  }

  deinit { unsafe SSL_free(session) }

  private static func timeout(after last: UInt32) -> UInt32 {
    last == 0 ? firstTimeout : min(last.multipliedReportingOverflow(by: 2).partialValue, lastTimeout)
  }

  var droppedOutgoing: Int { datagrams.droppedOutgoing }

  func offer(_ datagram: Span<UInt8>) { datagrams.offer(datagram) }

  func next() -> [UInt8]? { datagrams.next() }

  /// Goes on with the handshake as far as what was offered allows.
  func handshake() -> Step {
    ERR_clear_error()
    return step(unsafe SSL_do_handshake(session))
  }

  /// Reads what was offered after the handshake: alerts and repeated flights. Application data is thrown away.
  func read() -> Step {
    var scratch: InlineArray<256, UInt8> = .init(repeating: 0)
    for _ in 0..<Self.maximumRecords {
      ERR_clear_error()
      var span = scratch.mutableSpan
      let result = unsafe span.withUnsafeMutableBytes { unsafe SSL_read(session, $0.baseAddress, 256) }
      let step = step(result)
      if step != .done { return step }
    }
    return .waiting
  }

  private func step(_ result: Int32) -> Step {
    guard result <= 0 else { return .done }
    switch unsafe SSL_get_error(session, result) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .waiting
    case SSL_ERROR_ZERO_RETURN: return .closed
    default: return .failed(OpenSSLError.take())
    }
  }

  /// Says good-bye; the datagram waits in the queue.
  func shutdown() {
    ERR_clear_error()
    _ = unsafe SSL_shutdown(session)
    ERR_clear_error()
  }

  /// Microseconds until the last flight must be repeated; nil if none must.
  var timeLeft: Int64? {
    var microseconds: Int64 = 0
    return unsafe trialogue_dtls_timeout(session, &microseconds) == 1 ? microseconds : nil
  }

  /// Repeats the last flight if OpenSSL's clock says that it is time.
  /// - Returns: a failure after too many repetitions, else `waiting`.
  func repeatFlight() -> Step {
    ERR_clear_error()
    return unsafe trialogue_dtls_handle_timeout(session) < 0 ? .failed(OpenSSLError.take()) : .waiting
  }

  /// The peer's certificate in DER; nil before it came.
  var peerCertificate: [UInt8]? {
    guard let certificate = unsafe SSL_get1_peer_certificate(session) else { return nil }
    defer { unsafe X509_free(certificate) }
    let der = unsafe DTLSCertificate.der { unsafe i2d_X509(certificate, $0) }
    return der.isEmpty ? nil : der
  }

  /// Profile and keys; nil if the peers agreed on no profile. RFC 5764, section 4.2:
  /// ```
  /// +------------+------------+-------------+-------------+
  /// | client key | server key | client salt | server salt |  from the exporter "EXTRACTOR-dtls_srtp"
  /// +------------+------------+-------------+-------------+
  /// ```
  func keys(for role: DTLSRole) -> SRTPSession? {
    guard let selected = unsafe SSL_get_selected_srtp_profile(session),
      let profile = unsafe SRTPProfile(identifier: UInt16(clamping: selected.pointee.id))
    else { return nil }
    let label = "EXTRACTOR-dtls_srtp"
    let keyCount = profile.keyCount
    let saltCount = profile.saltCount
    var material = [UInt8](repeating: 0, count: 2 * (keyCount + saltCount))
    guard
      unsafe SSL_export_keying_material(
        session, &material, material.count, label, label.utf8.count, nil, 0, 0) == 1
    else { return nil }
    let keys = material.prefix(2 * keyCount)
    let salts = material.dropFirst(2 * keyCount)
    guard
      let client = SRTPKeys(
        profile: profile, key: Array(keys.prefix(keyCount)), salt: Array(salts.prefix(saltCount))),
      let server = SRTPKeys(
        profile: profile, key: Array(keys.suffix(keyCount)), salt: Array(salts.suffix(saltCount)))
    else { return nil }
    switch role {
    case .client: return SRTPSession(profile: profile, outgoing: client, incoming: server)
    case .server: return SRTPSession(profile: profile, outgoing: server, incoming: client)
    }
  }
}
