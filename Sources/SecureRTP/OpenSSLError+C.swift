import COpenSSL

/// OpenSSL's queue of errors, which belongs to the thread.
enum OpenSSLError {
  /// The first error's reason in OpenSSL's words; the queue is empty afterwards.
  static func take() -> String {
    let code = ERR_get_error()
    ERR_clear_error()
    guard code != 0, let reason = unsafe ERR_reason_error_string(code) else { return "unknown reason" }
    return unsafe String(cString: reason)
  }
}
