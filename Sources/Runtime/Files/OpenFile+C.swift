import CLinux

/// A file that is open for reading and writing at given offsets, without a buffer of our own; closed with the last reference.
final class OpenFile: Sendable {
  private let descriptor: Int32

  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { clinux_close(descriptor) }

  /// Writes all octets at `offset`. The error tells how many the disk took before it refused.
  func write(_ octets: Span<UInt8>, at offset: Int64) throws(WriteError) {
    var written: Int64 = 0
    let result = unsafe octets.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return Int32(0) }
      return unsafe clinux_file_write(descriptor, start, Int64(bytes.count), offset, &written)
    }
    guard result >= 0 else {
      throw WriteError(error: SystemError(operation: "write", code: 0 &- result), written: Int(written))
    }
  }

  /// Fills `buffer` from `offset` on. Returns how many octets there were: fewer only at the end of the file.
  func read(into buffer: inout [UInt8], at offset: Int64) throws(SystemError) -> Int {
    let count = unsafe buffer.withUnsafeMutableBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return Int64(0) }
      return unsafe clinux_file_read(descriptor, start, Int64(bytes.count), offset)
    }
    guard count >= 0 else { throw SystemError(operation: "read", code: Int32(clamping: 0 &- count)) }
    return Int(count)
  }

  /// At most `count` octets from `offset` on.
  func read(_ count: Int, at offset: Int64) throws(SystemError) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: max(0, count))
    let got = try read(into: &octets, at: offset)
    octets.removeLast(octets.count - got)
    return octets
  }

  var size: Int64 { max(0, clinux_file_size(descriptor)) }

  /// Cuts or lengthens the file; what is new reads as zeros and takes no space.
  func truncate(to size: Int64) throws(SystemError) {
    _ = try SystemError.check(clinux_file_truncate(descriptor, size), "truncate")
  }

  func sync() throws(SystemError) { _ = try SystemError.check(clinux_file_sync(descriptor), "sync") }

  /// A write that the disk refused, and how far it had come.
  struct WriteError: Error {
    var error: SystemError
    var written: Int
  }
}
