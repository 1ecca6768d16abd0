import CLinux

extension SystemError: CustomStringConvertible {
  package var description: String { "\(operation): \(text)" }

  /// The C library's words for the number.
  package var text: String { unsafe String(cString: clinux_error_text(code)) }

  /// The address and port are taken by another socket.
  package var isAddressInUse: Bool { code == clinux_address_in_use }
  /// The process or the system may open no more descriptors.
  package var isOutOfDescriptors: Bool { code == clinux_no_descriptors || code == clinux_no_descriptors_in_system }
  package var isNoSpace: Bool { code == clinux_no_space }
  package var isExisting: Bool { code == clinux_exists }
  package var isMissing: Bool { code == clinux_missing }
  /// What is wanted is held by somebody else, or would have to be waited for.
  package var isBusy: Bool { code == clinux_would_block }
  /// What is there is not what was sealed.
  package var isAltered: Bool { code == clinux_bad_message }

  /// Errors of sealed files, by the numbers that the kernel has for such.
  static func noKey(_ operation: String) -> SystemError { SystemError(operation: operation, code: clinux_no_key) }
  static func keyRejected(_ operation: String) -> SystemError {
    SystemError(operation: operation, code: clinux_key_rejected)
  }
  static func altered(_ operation: String) -> SystemError {
    SystemError(operation: operation, code: clinux_bad_message)
  }

  /// Passes a result on, or throws the error that a negative one stands for.
  static func check(_ result: Int32, _ operation: String) throws(SystemError) -> Int32 {
    guard result >= 0 else { throw SystemError(operation: operation, code: 0 &- result) }
    return result
  }
}
