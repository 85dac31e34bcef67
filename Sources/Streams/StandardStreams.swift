import Foundation

/// What must hold of a program before it opens or writes anything.
public enum StandardStreams {
  /// Gives each standard stream that was closed to the null device, and makes every write that fails an error of that write alone.
  ///
  /// Without it the first file that is opened takes the place of a closed stream, and what is said to the user is written into it; and a
  /// reader that has gone away, or the greatest size of a file, ends the program in the midst of its work.
  public static func prepare() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
      // The system gives the lowest free number, which is this one.
      _ = open("/dev/null", O_RDWR)
    }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }
}
