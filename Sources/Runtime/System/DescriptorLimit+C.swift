import CLinux

/// How many descriptors the process may open: each plain RTP leg takes two.
package enum DescriptorLimit {
  /// Raises the soft limit to the hard one. Returns the new limit.
  @discardableResult
  package static func raise() throws(SystemError) -> Int {
    Int(try SystemError.check(clinux_raise_descriptor_limit(), "raise descriptor limit"))
  }

  /// How many are open now.
  package static var openCount: Int { Int(max(0, clinux_count_descriptors())) }
}
