/// What a file of a closed recording holds, for who hands it out.
package enum ArchivedContent: Sendable {
  /// It lies at this path as it is.
  case plain(path: String)
  /// It is read through the archive, which has the key.
  case sealed(any SealedContent)
}
