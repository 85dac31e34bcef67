/// What no recording exceeds. Numbers beyond are damage, and would end in sums that have no room or in memory that is not there; readers
/// refuse them where they enter.
enum RecordingLimits {
  /// Samples a second of one channel.
  static let fastestHz = 1e6
  /// From the recording's zero, before or after: thirty years.
  static let farthestSeconds = 1e9
  /// The same where the file says its times one by one: by a clock's own count, from 1970 or any other day, or after a gap of any length.
  static let farthestTimeSeconds = 1e15
  /// Channels of one array.
  static let mostChannels = 4096
  /// Labels of one recording.
  static let mostLabels = 1 << 22
}
