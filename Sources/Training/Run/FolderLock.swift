import Foundation

/// Keeps a folder for one owner, in this process or another; the kernel ends it with its owner, however that ends.
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// `nil` where someone else holds it.
  init?(_ folder: URL) {
    descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // Where the file system has no locks the folder is not kept.
    if descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      return nil
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
