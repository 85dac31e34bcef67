import CTorch
public import Foundation
import Synchronization

/// The LibTorch that this program found: opened once, when the first tensor is made.
public enum LibTorch {
  /// The library's functions, or why it could not be opened.
  static let opened: Result<ct_api, LibTorchError> = {
    guard let folder = ct_folder() else { return .failure(LibTorchError(reason: "this program's folder is unknown")) }
    defer { free(folder) }
    let path = String(cString: folder) + "/libCTorchLibrary.so"
    guard FileManager.default.fileExists(atPath: path) else {
      return .failure(LibTorchError(reason: "\(path) is missing"))
    }
    var table: UnsafePointer<ct_api>?
    if let message = ct_open(path, &table) {
      defer { free(message) }
      return .failure(LibTorchError(reason: String(cString: message)))
    }
    guard let table else { return .failure(LibTorchError(reason: "\(path) has no table")) }
    return .success(table.pointee)
  }()

  /// Opens LibTorch.
  ///
  /// - Throws: ``LibTorchError`` when it is missing or cannot be loaded.
  public static func open() throws { _ = try opened.get() }

  /// The version, as `2.13.0`.
  public static func version() throws -> String { String(cString: try opened.get().version()) }

  /// How many graphics cards CUDA shows.
  public static var cards: Int { Int((try? opened.get().cards()) ?? 0) }

  /// Whether there is a graphics card.
  public static var hasCUDA: Bool { cards > 0 }

  /// Threads that an operator called from this thread may use.
  public static var threads: Int {
    get { Int((try? opened.get().threads()) ?? 0) }
    set { if case .success(let table) = opened { table.set_threads(Int32(newValue)) } }
  }

  /// Chooses algorithms whose results do not depend on the order of threads, where there are such, and lets cuDNN search for no fastest one.
  /// LibTorch warns on standard error of an operator without one.
  public static func setDeterministic(_ value: Bool) throws { try opened.get().set_deterministic(value) }

  /// Whether such algorithms are chosen.
  public static var isDeterministic: Bool { (try? opened.get().deterministic()) ?? false }

  /// Runs `body` without recording operations for gradients on this thread.
  public static func withoutGradients<Result>(_ body: () throws -> Result) throws -> Result {
    let table = try opened.get()
    let was = table.set_grad_enabled(false)
    defer { _ = table.set_grad_enabled(was) }
    return try body()
  }

  /// Runs `body` with LibTorch's autocast on this thread: convolutions, linear layers, products of matrices and attention compute in
  /// `dtype`, whatever the type of their inputs, and give it; what adds up or divides is left in the type that it is given, or is done in
  /// float32.
  ///
  /// The rules are PyTorch's ([Autocast Op Reference](https://docs.pytorch.org/docs/stable/amp.html#autocast-op-reference)).
  ///
  /// - Parameters:
  ///   - dtype: ``DType/bfloat16`` or ``DType/float16``.
  ///   - device: Where the tensors are: autocast on one device does not touch the others.
  public static func autocasting<Result>(to dtype: DType, on device: Device, _ body: () throws -> Result) throws
    -> Result
  {
    let table = try opened.get()
    let was = table.set_autocast(device.isCUDA, true, dtype.rawValue)
    defer { if !was { _ = table.set_autocast(device.isCUDA, false, dtype.rawValue) } }
    return try body()
  }

  /// Runs `body` without autocast on this thread, within ``autocasting(to:on:_:)`` too.
  public static func withoutAutocast<Result>(on device: Device, _ body: () throws -> Result) throws -> Result {
    let table = try opened.get()
    let was = table.set_autocast(device.isCUDA, false, -1)
    defer { if was { _ = table.set_autocast(device.isCUDA, true, -1) } }
    return try body()
  }
}

/// The functions of the library, in calls on tensors, which exist only once it was opened.
var ct: ct_api {
  get throws { try LibTorch.opened.get() }
}

/// LibTorch could not be opened.
public struct LibTorchError: Error, Equatable, LocalizedError {
  public let reason: String

  public var errorDescription: String? {
    "LibTorch cannot be loaded: \(reason). Run Scripts/setup, then swift build."
  }
}
