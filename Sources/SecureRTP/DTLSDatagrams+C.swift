import COpenSSL

/// What stands between OpenSSL and the network: whole datagrams in both ways. OpenSSL's own memory BIOs would join the
/// datagrams of a flight.
@safe final class DTLSDatagrams {
  /// Datagrams that wait to be sent at most: several flights. Further ones are lost, as on any network.
  static let maximumOutgoing = 64
  /// IPv4 and UDP. OpenSSL takes it off the MTU; a wrong answer here and no flight fits.
  private static let headerCount = 28

  private var incoming: [UInt8]?
  private var outgoing: [[UInt8]] = []
  private(set) var droppedOutgoing = 0

  /// The next datagram for OpenSSL to read; takes the place of one that it has not read.
  func offer(_ datagram: Span<UInt8>) {
    var copy: [UInt8] = []
    copy.reserveCapacity(datagram.count)
    for index in datagram.indices { copy.append(datagram[index]) }
    incoming = copy
  }

  /// The oldest datagram that waits to be sent.
  func next() -> [UInt8]? { outgoing.isEmpty ? nil : outgoing.removeFirst() }

  /// A method table for `bio`. The caller frees it after the last of its BIOs.
  static func method() -> OpaquePointer? {
    let type = BIO_get_new_index()
    guard type >= 0, let method = unsafe BIO_meth_new(type | Int32(BIO_TYPE_SOURCE_SINK), "datagrams") else {
      return nil
    }
    unsafe BIO_meth_set_write(method) { bio, octets, count in
      guard count >= 0, let octets = unsafe octets, let datagrams = unsafe DTLSDatagrams.behind(bio) else { return -1 }
      unsafe datagrams.append(UnsafeRawBufferPointer(start: octets, count: Int(count)))
      return count
    }
    unsafe BIO_meth_set_read(method) { bio, octets, count in
      unsafe trialogue_bio_clear_retry(bio)
      guard count >= 0, let octets = unsafe octets, let datagrams = unsafe DTLSDatagrams.behind(bio) else { return -1 }
      let taken = unsafe datagrams.take(UnsafeMutableRawBufferPointer(start: octets, count: Int(count)))
      if taken < 0 { unsafe trialogue_bio_set_retry_read(bio) }
      return taken
    }
    unsafe BIO_meth_set_ctrl(method) { _, command, _, _ in
      switch command {
      case Int32(BIO_CTRL_FLUSH): 1
      case Int32(BIO_CTRL_DGRAM_GET_MTU_OVERHEAD): DTLSDatagrams.headerCount
      default: 0
      }
    }
    return unsafe method
  }

  /// A BIO that reads and writes here; it must not outlive this object. Nil if there is no memory.
  func bio(_ method: OpaquePointer) -> OpaquePointer? {
    guard let bio = unsafe BIO_new(method) else { return nil }
    unsafe BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
    unsafe BIO_set_init(bio, 1)
    return unsafe bio
  }

  private static func behind(_ bio: OpaquePointer?) -> DTLSDatagrams? {
    guard let data = unsafe BIO_get_data(bio) else { return nil }
    return unsafe Unmanaged<DTLSDatagrams>.fromOpaque(data).takeUnretainedValue()
  }

  private func append(_ octets: UnsafeRawBufferPointer) {
    guard outgoing.count < Self.maximumOutgoing else {
      droppedOutgoing += 1
      return
    }
    unsafe outgoing.append(Array(octets))
  }

  /// Octets taken, or −1 if none wait.
  private func take(_ octets: UnsafeMutableRawBufferPointer) -> Int32 {
    guard let datagram = incoming else { return -1 }
    incoming = nil
    let count = min(datagram.count, octets.count)
    unsafe octets.copyBytes(from: datagram.prefix(count))
    return Int32(clamping: count)
  }
}
