import Glibc

/// A UDP socket on the loopback, for tests with other programs.
@safe final class LoopbackSocket {
  private let file: Int32
  /// Where the socket is bound.
  let port: UInt16

  /// Any free port; nil if there is none.
  init?() {
    let file = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    guard file >= 0 else { return nil }
    self.file = file
    var address = Self.address(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(file, $0, size) == 0 && getsockname(file, $0, &size) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard isBound else { return nil }
  }

  deinit { close(file) }

  private static func address(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  func send(_ octets: [UInt8], to port: UInt16) {
    var address = Self.address(port)
    _ = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe sendto(file, octets, octets.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// Waits for a datagram; nil if none came in time.
  func receive(milliseconds: Int32) -> (octets: [UInt8], port: UInt16)? {
    var descriptor = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&descriptor, 1, milliseconds) == 1 else { return nil }
    var octets = [UInt8](repeating: 0, count: 65_536)
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let count = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe recvfrom(file, &octets, octets.count, 0, $0, &size)
      }
    }
    return count < 0 ? nil : (Array(octets.prefix(count)), UInt16(bigEndian: address.sin_port))
  }

  /// The system's monotonic clock in nanoseconds.
  static var now: Int64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
