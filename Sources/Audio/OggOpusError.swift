/// Why a file cannot be read as Ogg Opus. It costs a prompt, nothing else.
package enum OggOpusError: Error, Sendable, Hashable {
  case notOgg
  case notOpus
  case badHeader(String)
  case tooLarge
}
