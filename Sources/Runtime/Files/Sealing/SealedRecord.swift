import Crypto
import Primitives

/// One step of a sealed file, encrypted and authenticated for itself (AES-256-GCM, NIST SP 800-38D).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |     kind      |            count of octets (24 bits)          |
/// |              offset in the content (64 bits)                  |
/// |              number of the record (64 bits)                   |
/// |                   nonce (96 bits, random)                     |
/// |              count octets, encrypted …                        |
/// |                     tag (128 bits)                            |
/// ```
/// What stands before the nonce is authenticated, and the record of the end authenticates that of all before it: nothing can be
/// changed, moved, left out or put twice. The nonce is random, not the number: a record that a crash or a full disk cut off is written again,
/// with other octets.
struct SealedRecord: Hashable, Sendable {
  enum Kind: UInt8 {
    /// Octets at their offset; they hide what was there.
    case octets = 1
    /// The content is `offset` octets long: it is cut, or goes on with zeros.
    case length = 2
    /// Nothing is missing: the file was closed here. As `length`.
    case end = 3
  }

  /// Octets of a record at the most.
  static let maximumCount = 1 << 20
  /// Octets before the encrypted ones, and with the tag behind them.
  static let headCount = 32
  static let overhead = headCount + tagCount
  /// No content is longer.
  static let longest: Int64 = 1 << 56
  private static let tagCount = 16
  private static let nonceCount = 12

  var kind: Kind
  var count: Int
  var offset: Int64
  var number: UInt64

  init(_ kind: Kind, count: Int = 0, offset: Int64, number: UInt64) {
    self.kind = kind
    self.count = count
    self.offset = offset
    self.number = number
  }

  /// Nil if that is no record's beginning.
  init?(_ octets: [UInt8]) {
    guard octets.count >= Self.headCount, let kind = Kind(rawValue: octets[0]) else { return nil }
    func value(_ range: Range<Int>) -> UInt64 { octets[range].reduce(0) { $0 << 8 | UInt64($1) } }
    guard let offset = Int64(exactly: value(4..<12)), offset <= Self.longest else { return nil }
    let count = Int(value(1..<4))
    guard count <= Self.maximumCount, kind == .octets || count == 0 else { return nil }
    self.init(kind, count: count, offset: offset, number: value(12..<20))
  }

  /// Octets that it takes in the file.
  var length: Int64 { Int64(Self.overhead + count) }

  /// What stands before the nonce.
  var authenticated: [UInt8] {
    var head = ByteWriter(capacity: 20)
    head.write(UInt32(kind.rawValue) << 24 | UInt32(truncatingIfNeeded: count))
    head.write(UInt64(bitPattern: offset))
    head.write(number)
    return head.bytes
  }

  /// The whole record. `heads`: a sum of what it vouches for beside itself.
  func seal(_ octets: [UInt8], by key: SymmetricKey, heads: [UInt8] = []) throws(SystemError) -> [UInt8] {
    let head = authenticated
    guard let box = try? AES.GCM.seal(octets, using: key, authenticating: head + heads) else {
      throw SystemError.keyRejected("seal")
    }
    return head + Array(box.nonce) + box.ciphertext + box.tag
  }

  /// The octets of a whole record; nil if it is not what was sealed.
  func open(_ record: [UInt8], by key: SymmetricKey, heads: [UInt8] = []) -> [UInt8]? {
    guard record.count == Self.overhead + count else { return nil }
    let nonce = record[(Self.headCount - Self.nonceCount)..<Self.headCount]
    let text = record[Self.headCount..<Self.headCount + count]
    guard let nonce = try? AES.GCM.Nonce(data: nonce),
      let box = try? AES.GCM.SealedBox(nonce: nonce, ciphertext: text, tag: record.suffix(Self.tagCount)),
      let data = try? AES.GCM.open(box, using: key, authenticating: authenticated + heads)
    else { return nil }
    return [UInt8](data)
  }
}
