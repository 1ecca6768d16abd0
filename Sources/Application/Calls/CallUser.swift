import SIP

/// Someone who has to prove who he is: a subscriber of this server.
package struct CallUser: Hashable, Sendable {
  package var name: String
  package var secret: DigestSecret

  package init(name: String, secret: DigestSecret) {
    self.name = name
    self.secret = secret
  }

  package init(name: String, password: String) { self.init(name: name, secret: .password(password)) }
}
