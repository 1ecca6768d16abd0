/// The names of header fields: compact forms (RFC 3261, section 7.3.3, and later RFCs) and usual spelling.
enum HeaderName {
  /// The usual spelling of a known name; an unknown one as it came.
  static func canonical(_ name: String) -> String { known[name.lowercased()] ?? name }

  /// True if several values may stand in one field, split by commas (RFC 3261, section 7.3.1).
  static func isList(_ canonical: String) -> Bool { lists.contains(canonical) }

  /// True if a second field with this name makes a message ambiguous.
  static func isSingle(_ canonical: String) -> Bool {
    ["Call-ID", "CSeq", "From", "To", "Max-Forwards", "Content-Type", "Content-Length"].contains(canonical)
  }

  private static let compact: [String: String] = [
    "a": "Accept-Contact", "b": "Referred-By", "c": "Content-Type", "d": "Request-Disposition",
    "e": "Content-Encoding", "f": "From", "i": "Call-ID", "j": "Reject-Contact", "k": "Supported",
    "l": "Content-Length", "m": "Contact", "n": "Identity-Info", "o": "Event", "r": "Refer-To", "s": "Subject",
    "t": "To", "u": "Allow-Events", "v": "Via", "x": "Session-Expires", "y": "Identity",
  ]

  private static let lists: Set<String> = [
    "Accept", "Accept-Contact", "Accept-Encoding", "Accept-Language", "Alert-Info", "Allow", "Allow-Events",
    "Call-Info", "Contact", "Content-Encoding", "Content-Language", "Diversion", "Error-Info", "Geolocation",
    "History-Info", "In-Reply-To", "P-Asserted-Identity", "P-Associated-URI", "P-Early-Media", "P-Preferred-Identity",
    "Path", "Proxy-Require", "Reason", "Record-Route", "Recv-Info", "Reject-Contact", "Require", "Resource-Priority",
    "Route", "Security-Client", "Security-Server", "Security-Verify", "Service-Route", "Supported",
    "Unsupported", "User-to-User", "Via", "Warning",
  ]

  private static let others: [String] = [
    "Authentication-Info", "Authorization", "Call-ID", "Content-Disposition", "Content-Length", "Content-Type",
    "CSeq", "Date", "Event", "Expires", "Flow-Timer", "From", "Identity", "Identity-Info", "Info-Package", "Join",
    "Max-Breadth", "Max-Forwards", "MIME-Version", "Min-Expires", "Min-SE", "Organization", "Priority", "Privacy",
    "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "RAck", "Refer-Sub", "Refer-To",
    "Referred-By", "Replaces", "Reply-To", "Request-Disposition", "Retry-After", "RSeq", "Server", "Session-Expires",
    "Session-ID", "SIP-ETag", "SIP-If-Match", "Subject", "Subscription-State", "Target-Dialog", "Timestamp", "To",
    "User-Agent", "WWW-Authenticate",
  ]

  private static let known: [String: String] = {
    var known = compact
    for name in lists { known[name.lowercased()] = name }
    for name in others { known[name.lowercased()] = name }
    return known
  }()
}
