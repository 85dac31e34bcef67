import Corpora
import Experiments
import Files
import Foundation
import Metrics
import SleepCore
import TestSupport
import Testing
import Training

@Suite("Grouping a corpus")
struct ClusteringRunTests {
  private func options(_ change: (inout ClusteringRun.Options) -> Void = { _ in }) -> ClusteringRun.Options {
    var options = ClusteringRun.Options()
    (options.labels, options.neighbours, options.silent) = ("w-nrem-rem", 8, true)
    change(&options)
    return options
  }

  @Test("Stages that the heart tells are found without labels, and every file says so")
  func found() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let out = folder.appendingPathComponent("out")
      let report = try ClusteringRun.run(corpus, encoder: nil, options: options(), out: out)
      #expect(report.windows == 120 && report.scoredWindows == 120)
      #expect(report.groupings.map(\.method) == ["k-means", "OPTICS"])
      let means = report.groupings[0]
      #expect(means.clusters == 3 && means.noise == 0)
      #expect((means.agreement?.adjustedRandIndex ?? 0) > 0.8)
      for one in report.groupings {
        #expect(one.counts.flatMap(\.self).reduce(0, +) == 120)
        #expect(one.counts.count == one.clusters + (one.noise > 0 ? 1 : 0))
        #expect(one.noise == 0 || one.counts.last?.reduce(0, +) == one.noise)
      }
      #expect(report.text.hasPrefix("toy, w-nrem-rem: 120 of 120 scored windows\n"))
      let csv = try String(contentsOf: out.appendingPathComponent("clusters.csv"), encoding: .utf8).split(
        separator: "\n")
      #expect(csv.count == 121 && csv[0] == "recording,window,label,k_means,optics")
      #expect(csv[1].hasPrefix("night-p1,0,W,"))
      let json = try JSONSerialization.jsonObject(with: Data(contentsOf: out.appendingPathComponent("clusters.json")))
      #expect((json as? [String: Any])?["scored_windows"] as? Int == 120)
      let error = #expect(throws: Taken.self) {
        _ = try ClusteringRun.run(corpus, encoder: nil, options: options(), out: out)
      }
      #expect(error?.path == out.path)
    }
  }

  @Test("A sample is as large as told, and the same for one seed; an encoder's vectors are points too")
  func sampleAndEncoder() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let texts = try (0..<2).map { number in
        let out = folder.appendingPathComponent("sample\(number)")
        let report = try ClusteringRun.run(corpus, encoder: nil, options: options { $0.sample = 50 }, out: out)
        #expect(report.windows == 50 && report.scoredWindows == 120)
        return try String(contentsOf: out.appendingPathComponent("clusters.csv"), encoding: .utf8)
      }
      #expect(texts[0] == texts[1])
      let run = folder.appendingPathComponent("run")
      try PretrainingRun.run(ToyStudy.recipe(), corpora: [corpus], out: run, silent: true)
      let report = try ClusteringRun.run(
        corpus, encoder: run, options: options(), out: folder.appendingPathComponent("vectors"))
      #expect(
        report.points
          == "8 numbers of the encoder's vector of each window of heart-rate, each standardised over the windows")
    }
  }

  @Test("What cannot be grouped is refused in words")
  func refused() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let error = #expect(throws: RecipeError.self) {
        _ = try ClusteringRun.run(
          corpus, encoder: nil, options: options { $0.labels = "postures-3" }, out: folder.appendingPathComponent("out")
        )
      }
      #expect(
        error.map(words)
          == "\(corpus.folder.path): the label scheme 'postures-3', expected one of wake-sleep, w-nrem-rem, w-light-deep-rem, five-stages"
      )
    }
  }
}
