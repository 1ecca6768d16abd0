/// The algorithms that are accepted, of those of RFC 7518, section 3.1; above all not `none`.
package enum TokenAlgorithm: String, Sendable {
  case hs256 = "HS256"
  case es256 = "ES256"
}
