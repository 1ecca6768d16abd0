import Glibc

/// The input that is being run, in a file mapped into memory: a trap ends the process, but not what stands there.
///
/// Writing costs one copy and no system call. The file goes when the run ends well; one that is left over names the input
/// that ended an earlier run.
///
/// ```
/// 0 octets of the input (64)   8 iteration (64)   16 input        little-endian
/// ```
@safe package final class FuzzRecord {
  private static let header = 16

  package let path: String
  private let capacity: Int
  private let memory: UnsafeMutableRawPointer

  /// Nil if the folder takes no files: then a crash names only seed and iteration.
  package init?(name: String, folder: String, capacity: Int) {
    path = "\(folder)/\(name).input"
    self.capacity = capacity
    guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else { return nil }
    let file = unsafe open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { return nil }
    defer { close(file) }
    guard ftruncate(file, off_t(capacity + Self.header)) == 0 else { return nil }
    let mapped = unsafe mmap(nil, capacity + Self.header, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
    guard let memory = unsafe mapped, unsafe memory != MAP_FAILED else { return nil }
    unsafe self.memory = memory
  }

  package func note(_ input: [UInt8], iteration: Int) {
    let count = min(input.count, capacity)
    unsafe memory.storeBytes(of: UInt64(count), as: UInt64.self)
    unsafe memory.storeBytes(of: UInt64(iteration), toByteOffset: 8, as: UInt64.self)
    unsafe input.withUnsafeBytes { bytes in
      guard count > 0, let start = bytes.baseAddress else { return }
      unsafe (memory + Self.header).copyMemory(from: start, byteCount: count)
    }
  }

  /// The run has ended well.
  package func remove() { unsafe unlink(path) }

  deinit { unsafe munmap(memory, capacity + Self.header) }
}
