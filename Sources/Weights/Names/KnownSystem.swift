/// What is known of a published system's weights elsewhere: what its authors call them, and which windows and classes they are of.
///
/// A new one is one file with such a value, and one line of ``all``.
public struct KnownSystem: Sendable {
  /// As `ssrm models` lists it.
  public let name: String
  /// The data set whose card prepares its windows.
  public let dataset: String
  /// The label scheme of the publication, whose classes stand in its order.
  public let labels: String
  /// What others call its weights, beside our own names.
  public let namings: [Naming]

  init(_ name: String, dataset: String, labels: String, _ namings: [Naming] = []) {
    (self.name, self.dataset, self.labels, self.namings) = (name, dataset, labels, namings)
  }

  public static let all: [KnownSystem] = [
    sleepVST,
    KnownSystem("sleepvst-6", dataset: "shhs-as-published", labels: sleepVST.labels, sleepVST.namings),
    ulwSleepNet,
    KnownSystem("spectrogram-cnn", dataset: "spectrograms", labels: "five-stages"),
    KnownSystem("accelerometer-cnn", dataset: "sleep-accel", labels: "wake-sleep"),
    KnownSystem("accelerometer-dense", dataset: "sleep-accel", labels: "wake-sleep"),
    KnownSystem("accelerometer-logistic", dataset: "sleep-accel", labels: "wake-sleep"),
    KnownSystem("accelerometer-logistic-mean", dataset: "sleep-accel", labels: "wake-sleep"),
    KnownSystem("accelerometer-cnn-30s", dataset: "sleep-accel-as-published-30", labels: "wake-sleep"),
    KnownSystem("accelerometer-dense-30s", dataset: "sleep-accel-as-published-30", labels: "wake-sleep"),
    KnownSystem("ssrm-cnn", dataset: "pmd-full", labels: "postures-17"),
    KnownSystem("ssrm-cnn-3", dataset: "pmd-as-published-cnn", labels: "postures-3"),
  ]

  /// `nil` of a system that is not known.
  public static func named(_ name: String) -> KnownSystem? { all.first { $0.name == name } }
}
