import Files
import Foundation
import Tensors

/// Where a run was made, kept with it so that its numbers can be made again.
public struct RunEnvironment: Codable, Sendable {
  public let date: String
  public let command: [String]
  public let libtorch: String
  public let device: String
  public let threads: Int
  public let cores: Int
  /// How many processes trained together; absent where one did.
  public let processes: Int?
  public let system: String
  public let seed: UInt64

  public init(seed: UInt64, device: String, processes: Int? = nil) {
    self.processes = processes
    date = ISO8601DateFormatter().string(from: Date())
    command = ["ssrm"] + CommandLine.arguments.dropFirst()
    libtorch = (try? LibTorch.version()) ?? "none"
    self.device = device
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
