import SIP

/// Someone who has to prove who he is: a subscriber of this server.
package struct CallUser: Hashable, Sendable {
  package var name: String
  package var secret: DigestSecret
  /// What its phones speak.
  package var codecs: CodecFilter

  package init(name: String, secret: DigestSecret, codecs: CodecFilter = .all) {
    self.name = name
    self.secret = secret
    self.codecs = codecs
  }

  package init(name: String, password: String, codecs: CodecFilter = .all) {
    self.init(name: name, secret: .password(password), codecs: codecs)
  }
}
