import Files
import Foundation
public import Tensors

/// Where a run was made, kept with it so that its numbers can be made again.
public struct RunEnvironment: Codable, Sendable {
  public let date: String
  public let command: [String]
  public let libtorch: String
  public let device: String
  /// In what sense results repeat there; `nil` of an earlier version's run.
  public let determinism: String?
  public let threads: Int
  public let cores: Int
  /// How many processes trained together; absent where one did.
  public let processes: Int?
  public let system: String
  public let seed: UInt64

  /// - Parameter device: Where the run computes, as ``Tensors/Device/ofRun(_:)`` gives it.
  public init(seed: UInt64, device: Device, processes: Int? = nil) {
    self.processes = processes
    date = ISO8601DateFormatter().string(from: Date())
    command = ["ssrm"] + CommandLine.arguments.dropFirst()
    libtorch = (try? LibTorch.version()) ?? "none"
    self.device = "\(device)"
    determinism = device.determinism
    threads = LibTorch.threads
    cores = ProcessInfo.processInfo.activeProcessorCount
    system = ProcessInfo.processInfo.operatingSystemVersionString
    self.seed = seed
  }

  /// Writes `environment.json`.
  public func write(to run: RunFolder) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(self).writeWhole(to: run.file("environment.json"))
  }
}
