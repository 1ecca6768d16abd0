import CLinux

/// A directory that files are made in; no path given to it leads out of it (`openat2` with RESOLVE_BENEATH).
final class OpenDirectory: Sendable {
  let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { clinux_close(descriptor) }

  /// Opens a directory that the operator configured, and makes it if it is missing.
  convenience init(root path: String) throws(SystemError) {
    self.init(descriptor: try SystemError.check(unsafe clinux_directory_open(path), "open directory \(path)"))
  }

  /// Opens a directory below this one; with `create` it makes what is missing on the way.
  func directory(_ path: String, create: Bool) throws(SystemError) -> OpenDirectory {
    let result = unsafe clinux_directory_open_beneath(descriptor, path, create)
    return OpenDirectory(descriptor: try SystemError.check(result, "open directory \(path)"))
  }

  /// Makes a file that must not exist yet.
  func create(_ name: String) throws(SystemError) -> OpenFile {
    OpenFile(descriptor: try SystemError.check(unsafe clinux_file_create(descriptor, name), "create \(name)"))
  }

  func open(_ name: String) throws(SystemError) -> OpenFile {
    OpenFile(descriptor: try SystemError.check(unsafe clinux_file_open(descriptor, name), "open \(name)"))
  }

  /// Opens or makes a file and locks it against every other process; the lock ends with the file. `isBusy`: another holds it.
  func lock(_ name: String) throws(SystemError) -> OpenFile {
    OpenFile(descriptor: try SystemError.check(unsafe clinux_file_lock(descriptor, name), "lock \(name)"))
  }

  /// Writes a file, or replaces it whole: after a crash or power cut it is the former or the new one.
  func replace(_ name: String, with octets: [UInt8]) throws(SystemError) {
    let fresh = name + OpenDirectory.freshSuffix
    // What a crash left.
    do throws(SystemError) { try remove(fresh) } catch { guard error.isMissing else { throw error } }
    let file = try create(fresh)
    do throws(OpenFile.WriteError) { try file.write(octets.span, at: 0) } catch {
      try? remove(fresh)
      throw error.error
    }
    try file.sync()
    try rename(fresh, to: name)
    try sync()
  }

  /// Of a file that takes another's place when it is whole.
  static let freshSuffix = ".new"

  func rename(_ name: String, to other: String) throws(SystemError) {
    _ = try SystemError.check(unsafe clinux_rename(descriptor, name, other), "rename \(name)")
  }

  func remove(_ name: String) throws(SystemError) {
    _ = try SystemError.check(unsafe clinux_remove(descriptor, name), "remove \(name)")
  }

  /// Makes new and renamed entries survive a power cut.
  func sync() throws(SystemError) {
    _ = try SystemError.check(clinux_file_sync(descriptor), "sync directory")
  }

  /// Writes back everything of the file system that the directory lies on.
  func syncFileSystem() throws(SystemError) {
    _ = try SystemError.check(clinux_filesystem_sync(descriptor), "sync file system")
  }

  /// Share of the file system that is free, 0 to 1; nil if the kernel does not say.
  var freeShare: Double? {
    let share = clinux_free_share(descriptor)
    return share < 0 ? nil : share
  }

  /// Names of plain files and of directories; symbolic links and everything else are left out.
  func list() throws(SystemError) -> (files: [String], directories: [String]) {
    let listing = Listing()
    let context = unsafe Unmanaged.passUnretained(listing).toOpaque()
    let result = unsafe clinux_directory_list(
      descriptor,
      { context, name, kind in
        guard let context = unsafe context, let name = unsafe name else { return }
        let listing = unsafe Unmanaged<Listing>.fromOpaque(context).takeUnretainedValue()
        let text = unsafe String(cString: name)
        switch UInt32(bitPattern: kind) {
        case clinux_entry_file.rawValue: listing.files.append(text)
        case clinux_entry_directory.rawValue: listing.directories.append(text)
        default: break
        }
      }, context)
    _ = try SystemError.check(result, "list directory")
    return (listing.files.sorted(), listing.directories.sorted())
  }

  private final class Listing {
    var files: [String] = []
    var directories: [String] = []
  }
}
