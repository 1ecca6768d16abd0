import CLinux

/// The sockets of a loop and which of them have something to read (epoll, level-triggered).
@safe package struct Readiness: ~Copyable {
  /// The most tokens that one call returns.
  package static let capacity = 256

  private let epoll: Int32
  private let tokens: UnsafeMutablePointer<UInt64>

  package init() throws(SystemError) {
    epoll = try SystemError.check(clinux_epoll_open(), "open epoll")
    unsafe tokens = .allocate(capacity: Readiness.capacity)
    unsafe tokens.initialize(repeating: 0, count: Readiness.capacity)
  }

  deinit {
    clinux_close(epoll)
    unsafe tokens.deallocate()
  }

  package mutating func add(_ socket: borrowing UDPSocket, token: UInt64) -> Bool {
    clinux_epoll_add(epoll, socket.descriptor, token) >= 0
  }

  package mutating func remove(_ socket: borrowing UDPSocket) { _ = clinux_epoll_remove(epoll, socket.descriptor) }

  mutating func add(_ listener: borrowing TCPListener, token: UInt64) -> Bool {
    clinux_epoll_add(epoll, listener.descriptor, token) >= 0
  }

  mutating func add(_ socket: borrowing TCPSocket, token: UInt64) -> Bool {
    clinux_epoll_add(epoll, socket.descriptor, token) >= 0
  }

  mutating func remove(_ socket: borrowing TCPSocket) { _ = clinux_epoll_remove(epoll, socket.descriptor) }

  /// Looks, without waiting, which sockets can be read. Returns how many tokens there are.
  package mutating func poll() -> Int {
    unsafe max(0, Int(clinux_epoll_poll(epoll, tokens, Int32(Readiness.capacity))))
  }

  /// Token `index` of the last `poll`.
  package func token(_ index: Int) -> UInt64 {
    precondition(index >= 0 && index < Readiness.capacity, "a token of the last poll")
    return unsafe tokens[index]
  }
}
