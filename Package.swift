// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// LibTorch, put or linked here by `Scripts/setup`. Only `CTorchLibrary` sees its headers, and only
/// the library built from it is linked with it; `Tensors` opens that library on the first tensor.
let libtorch = Context.packageDirectory + "/.libtorch"
let hasCUDA = FileManager.default.fileExists(atPath: libtorch + "/lib/libtorch_cuda.so")

/// Processes train together over c10d's own headers and Gloo's, which the wheel lacks; without them the rest is built.
let hasGloo = FileManager.default.fileExists(atPath: "/usr/include/gloo/algorithm.h")
let hasNCCL = hasCUDA && FileManager.default.fileExists(atPath: "/usr/include/nccl.h")

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [String] = []) -> Target {
  .target(
    name: name, dependencies: dependencies.map { .target(name: $0) }, swiftSettings: strict)
}

func program(_ name: String, _ dependencies: [String]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies.map { .target(name: $0) }, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests",
    dependencies: ([name, "TestSupport"] + dependencies).map { .target(name: $0) },
    exclude: FileManager.default.fileExists(
      atPath: Context.packageDirectory + "/Tests/\(name)Tests/Fixtures") ? ["Fixtures"] : [],
    swiftSettings: strict)
}

/// A library that is built against LibTorch's headers and opened when it is wanted.
func torchLibrary(_ name: String, _ flags: [String] = []) -> Target {
  .target(
    name: name,
    cxxSettings: [
      .unsafeFlags(
        [
          "-isystem", libtorch + "/include", "-isystem", libtorch + "/include/torch/csrc/api/include",
          "-O2", "-fno-math-errno", "-fvisibility=hidden", "-Wno-everything",
        ] + flags)
    ],
    linkerSettings: [
      .unsafeFlags(
        [
          "-L" + libtorch + "/lib", "-Xlinker", "-rpath", "-Xlinker", libtorch + "/lib",
          "-Xlinker", "--no-as-needed",
        ] + (hasCUDA ? ["-ltorch_cuda", "-lc10_cuda"] : [])),
      .linkedLibrary("torch"), .linkedLibrary("torch_cpu"), .linkedLibrary("c10"),
    ])
}

let package = Package(
  name: "ssrm",
  products: [
    .executable(name: "ssrm", targets: ["ssrm"]),
    .executable(name: "benchmarks", targets: ["Benchmarks"]),
    .executable(name: "fuzz", targets: ["fuzz"]),
    .library(name: "CTorchLibrary", type: .dynamic, targets: ["CTorchLibrary"]),
  ] + (hasGloo ? [.library(name: "CTorchDistributed", type: .dynamic, targets: ["CTorchDistributed"])] : []),
  targets: [
    // Level 0: C libraries, plain values, array files.
    .target(name: "CTorch", linkerSettings: [.linkedLibrary("dl")]),
    torchLibrary("CTorchLibrary"),
    .systemLibrary(
      name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
      name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CFLAC", pkgConfig: "flac", providers: [.apt(["libflac-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    module("SleepCore"),
    module("Files", ["CZlib"]),
    module("Streams", ["SleepCore", "Files"]),
    module("NumPy", ["Files"]),

    // Level 1
    module("Signals", ["CFFTW", "SleepCore"]),
    module("Metrics", ["SleepCore", "Files"]),
    module("YAML", ["CYAML", "SleepCore", "Files"]),
    module("Tensors", ["CTorch", "Files", "NumPy"]),
    module("Figures", ["SleepCore", "Files", "Streams"]),
    module("Clustering", ["SleepCore"]),

    // Level 2
    module("Readers", ["CFLAC", "CHDF5", "CPCRE2", "CSQLite", "SleepCore", "Files", "NumPy"]),
    module("Synthesis", ["SleepCore", "Files", "NumPy"]),
    module("Corpora", ["SleepCore", "Files", "NumPy"]),
    module("Layers", ["Tensors"]),

    // Level 3
    module("Weights", ["SleepCore", "Files", "Readers", "Tensors", "Layers"]),
    module("Preparation", ["SleepCore", "Files", "NumPy", "Signals", "YAML", "Readers", "Corpora"]),
    module("Encoders", ["SleepCore", "Tensors", "Layers"]),
    module("Training", ["SleepCore", "Files", "Streams", "NumPy", "Tensors", "Layers", "Corpora", "Encoders"]),

    // Level 4
    module(
      "Upstream",
      [
        "SleepCore", "Signals", "Metrics", "Clustering", "Tensors", "Layers", "Encoders", "Corpora", "Training",
      ]),
    module(
      "Downstream",
      ["SleepCore", "Files", "Streams", "Signals", "Metrics", "Tensors", "Layers", "Encoders", "Corpora", "Training"]),

    // Level 5
    module(
      "Experiments",
      [
        "SleepCore", "Files", "NumPy", "Signals", "Metrics", "YAML", "Tensors", "Figures", "Clustering", "Readers",
        "Synthesis", "Corpora", "Preparation", "Layers", "Encoders", "Training", "Upstream", "Downstream", "Weights",
      ]),

    // Level 6
    module(
      "Fuzzing",
      [
        "SleepCore", "Files", "NumPy", "Tensors", "Figures", "Readers", "Synthesis", "Corpora", "Preparation",
        "Training",
        "Experiments",
      ]),
    program("fuzz", ["Fuzzing"]),
    program(
      "ssrm",
      [
        "SleepCore", "Files", "Streams", "NumPy", "Signals", "Metrics", "YAML", "Tensors", "Figures", "Clustering",
        "Readers",
        "Synthesis", "Corpora", "Preparation", "Layers", "Encoders", "Training", "Upstream", "Downstream", "Weights",
        "Experiments",
      ]),
    program(
      "Benchmarks",
      [
        "SleepCore", "NumPy", "Signals", "Clustering", "Tensors", "Readers", "Synthesis", "Corpora", "Preparation",
        "Layers", "Encoders", "Training", "Upstream", "Downstream",
      ]),

    .target(
      name: "TestSupport", dependencies: ["SleepCore", "NumPy", "Tensors"], path: "Tests/TestSupport",
      swiftSettings: strict),
    tests("SleepCore"),
    tests("Files"),
    tests("Streams", ["SleepCore", "Files"]),
    tests("NumPy", ["Files"]),
    tests("Signals", ["SleepCore", "NumPy"]),
    tests("Metrics", ["SleepCore", "NumPy"]),
    tests("YAML", ["SleepCore"]),
    tests("Tensors", ["Files", "NumPy"]),
    tests("Figures", ["SleepCore", "Files"]),
    tests("Clustering", ["SleepCore", "NumPy"]),
    tests("Readers", ["SleepCore", "NumPy", "Synthesis"]),
    tests("Synthesis", ["SleepCore", "NumPy", "Readers"]),
    tests("Corpora", ["SleepCore", "Files", "NumPy"]),
    tests("Preparation", ["SleepCore", "Files", "NumPy", "Signals", "YAML", "Readers", "Synthesis", "Corpora"]),
    tests("Layers", ["NumPy", "Tensors"]),
    tests("Weights", ["SleepCore", "Files", "NumPy", "Tensors", "Layers"]),
    tests("Encoders", ["SleepCore", "NumPy", "Tensors", "Layers"]),
    tests("Training", ["SleepCore", "Files", "NumPy", "Tensors", "Layers", "Corpora", "Encoders"]),
    tests(
      "Upstream",
      ["SleepCore", "NumPy", "Signals", "Tensors", "Layers", "Encoders", "Corpora", "Training"]),
    tests(
      "Downstream",
      [
        "SleepCore", "Files", "NumPy", "Signals", "Metrics", "Tensors", "Layers", "Encoders", "Corpora",
        "Training",
      ]),
    tests(
      "Experiments",
      [
        "SleepCore", "Files", "NumPy", "YAML", "Tensors", "Corpora", "Layers", "Encoders", "Training",
        "Upstream", "Downstream", "Synthesis", "Readers", "Metrics", "Preparation", "Weights",
      ]),
    tests("Fuzzing"),
    .testTarget(
      name: "ssrmTests", dependencies: ["TestSupport", "Files", "ssrm"], swiftSettings: strict),
  ]
    + (hasGloo
      ? [torchLibrary("CTorchDistributed", ["-DUSE_C10D_GLOO"] + (hasNCCL ? ["-DUSE_C10D_NCCL", "-DSSRM_NCCL"] : []))]
      : []),
  cxxLanguageStandard: .cxx20
)
