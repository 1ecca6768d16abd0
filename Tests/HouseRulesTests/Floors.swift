/// Who may know whom: the floors of `docs/ARCHITECTURE.md`.
enum Floors {
  /// Targets of the house that a target may import.
  static let house: [String: Set<String>] = [
    "Primitives": [],
    "SIP": ["Primitives"],
    "SDP": ["Primitives"],
    "ICE": ["Primitives"],
    "SecureRTP": ["Primitives"],
    "RTP": ["Primitives"],
    "Codecs": ["Primitives"],
    "Audio": ["Primitives"],
    "Conference": ["Primitives", "ICE", "SecureRTP", "RTP", "Codecs", "Audio"],
    "Runtime": ["Primitives", "ICE", "SecureRTP", "RTP", "Codecs", "Audio", "Conference"],
    "Application": ["Primitives", "SIP", "SDP", "ICE", "SecureRTP", "RTP", "Codecs", "Audio", "Conference"],
    "SIPFront": ["Primitives", "SIP", "Application"],
    "Storage": ["Primitives", "Application"],
    "Monitoring": ["Primitives", "Conference", "Application"],
    "WebFront": ["Primitives", "SIP", "Conference", "Application", "SIPFront"],
    "trialogue": [
      "Primitives", "SIP", "SDP", "ICE", "SecureRTP", "RTP", "Codecs", "Audio", "Conference", "Runtime", "Application",
      "SIPFront", "Storage", "Monitoring", "WebFront",
    ],
  ]

  /// Floors 0 to 2: no clock, thread, file, lock, logger or global state.
  static let pure: Set<String> = [
    "Primitives", "SIP", "SDP", "ICE", "SecureRTP", "RTP", "Codecs", "Audio", "Conference",
  ]
  /// What is on the way of every packet: no existentials.
  static let media: Set<String> = ["SecureRTP", "RTP", "Codecs", "Audio", "Conference"]

  /// Foreign modules, by the beginning of their names, and who may import them; everybody else may not.
  static let foreign: [String: Set<String>] = [
    "Crypto": ["SIP", "ICE", "Runtime", "Application", "trialogue"],
    "COpus": ["Codecs"],
    "CAMR": ["Codecs"],
    "CBCG729": ["Codecs"],
    "CSpeexDSP": ["Audio"],
    "CSpeex": ["Codecs", "Audio"],
    "CSndFile": ["Audio"],
    "COpenSSL": ["SecureRTP"],
    "CLinux": ["Runtime"],
    "Glibc": ["Audio", "Codecs", "Runtime", "SecureRTP", "trialogue"],
    "Synchronization": ["Runtime", "SIPFront", "Monitoring", "WebFront", "trialogue"],
    "Logging": ["Runtime", "Application", "SIPFront", "Storage", "Monitoring", "WebFront", "trialogue"],
    "Foundation": ["Application", "SIPFront", "Storage", "Monitoring", "WebFront", "trialogue"],
    "NIO": ["SIPFront", "Monitoring", "WebFront", "trialogue"],
    "HTTPTypes": ["Monitoring", "WebFront"],
    "Hummingbird": ["Monitoring", "WebFront", "trialogue"],
    "X509": ["trialogue"],
    "SwiftASN1": ["trialogue"],
    "GRDB": ["Storage"],
    "Yams": ["trialogue"],
    "ArgumentParser": ["trialogue"],
  ]

  /// Modules that are only touched in files whose names end in `+C`.
  static let c: Set<String> = [
    "COpus", "CSpeex", "CAMR", "CBCG729", "CSpeexDSP", "CSndFile", "COpenSSL", "CLinux", "Glibc",
  ]
  /// Targets that may have such files.
  static let unsafe: Set<String> = ["SecureRTP", "Codecs", "Audio", "Runtime"]
}
