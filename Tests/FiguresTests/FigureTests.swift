import Figures
import Foundation
import SleepCore
import TestSupport
import Testing

extension Trait where Self == ConditionTrait {
  static var needsGnuplot: ConditionTrait {
    .enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed")
  }
}

@Suite("Figures")
struct FigureTests {
  static let awkward = "it's a_^ {x} \"q\" $p @home \\n `x` 50 % <t> & ü"

  @Test("Every kind of figure is drawn, as PNG and as SVG", .needsGnuplot, arguments: Gallery.all.map(\.name))
  func draws(name: String) throws {
    let figure = try #require(Gallery.all.first { $0.name == name }?.figure)
    let kept = ProcessInfo.processInfo.environment["FIGURES_TO"].map { URL(fileURLWithPath: $0) }
    try withTemporaryFolder { folder in
      for format in ["png", "svg"] {
        let url = (kept ?? folder).appendingPathComponent("\(name).\(format)")
        try figure.render(to: url)
        let data = try Data(contentsOf: url)
        #expect(data.starts(with: format == "png" ? [0x89, 0x50, 0x4e, 0x47] : Array("<?xml".utf8)))
        #expect(data.count > 3000)
      }
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(files.count == (kept == nil ? 2 : 0))
    }
  }

  @Test("Text comes out as it was given, wherever it stands", .needsGnuplot)
  func text() throws {
    let word = Self.awkward
    let figure = Figure(
      title: word,
      panels: [
        Panel(
          title: word, x: Axis(word, ticks: .at([(0, word)])), y: Axis(word),
          series: [
            .line(name: word, x: [0, 1], y: [0, 1], style: .init(.blue)), .texts([.init(word, x: 0, y: 0)]),
          ])
      ])
    #expect(
      figure.script().contains(
        #"set xlabel "it\047s a_^ {x} \042q\042 \044p \100home \134n \140x\140 50 % <t> & ü" "#))
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("it's \"a\" figure.svg")
      try figure.render(to: url)
      let svg = try String(contentsOf: url, encoding: .utf8)
        .replacingOccurrences(of: "&lt;", with: "<").replacingOccurrences(of: "&gt;", with: ">")
        .replacingOccurrences(of: "&amp;", with: "&")
      #expect(svg.components(separatedBy: word).count - 1 >= 7)
    }
  }

  @Test(
    "A title is drawn as it is, whatever stands in it, and what steers is written out", .needsGnuplot,
    arguments: [
      "'S2'_1", "'", "''", "'''", "\"", "\\", "\\\"", "`touch x`", "$(touch x)", "@home", "%", "%d %s %%", "a\\nb",
      "\\047", "{/Bold x}",
      "# no comment", "a; b", "END_OF_DATA", "\u{1b}[31m", "睡眠 'é'", "~a{.8-}", "-", "e\u{301}'",
    ])
  func hostile(title: String) throws {
    let figure = Figure(
      title: title,
      panels: [
        Panel(
          title: title, x: Axis(title, ticks: .at([(0, title)])), y: Axis(title),
          series: [
            .line(name: title, x: [0, 1], y: [0, 1], style: .init(.blue)), .texts([.init(title, x: 0, y: 0)]),
          ])
      ])
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.svg")
      try figure.render(to: url)
      let svg = try String(contentsOf: url, encoding: .utf8)
      let texts = svg.matches(of: /<text[^>]*>([^<]*)<\/text>/).map { String($0.output.1) }
      #expect(texts.count { $0.trimmingCharacters(in: .whitespaces) == title.visibleLine } >= 7, "\(texts)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.svg"])
    }
  }

  @Test("A line break in a text cannot begin a new command")
  func injection() {
    let figure = Figure(title: "a'\nsystem 'touch x'\r\nplot", panels: [Panel(series: [])])
    #expect(figure.script().contains(#"set label 1 "a\047 system \047touch x\047 plot" at screen"#))
  }

  @Test("Data is inline, a gap where it is not finite; the axes hold all of it")
  func data() {
    let script = Figure(panels: [
      Panel(
        x: Axis("time (h)"), y: Axis("power (W)", isReversed: true),
        series: [.line(name: "a", x: [0, 1, 2], y: [10, .nan, 20], style: .init(.green, width: 1.5, isDashed: true))])
    ]).script()
    #expect(script.contains("$p0s0 << END_OF_DATA\n0.0 10.0\n1.0 NaN\n2.0 20.0\nEND_OF_DATA\n"))
    #expect(script.contains("set xrange [0.0:2.0] noextend\n"))
    #expect(script.contains("set yrange [20.5:9.5] noextend\n"))
    #expect(
      script.contains(
        "plot $p0s0 using 1:2 with lines linecolor rgb '#009E73' linewidth 1.5 dashtype (8,5) title \"a\"\n"))
  }

  @Test("Figures without any finite value are drawn empty", .needsGnuplot)
  func empty() throws {
    let figures = [
      Figure(panels: []), Figure(panels: [Panel(series: [])]),
      Figure(panels: [Panel(series: [.line(x: [], y: [], style: .init(.blue))])]),
      Figure(panels: [
        Panel(y: Axis(isLogarithmic: true), series: [.points(x: [.nan, 1], y: [1, -.infinity], style: .init(.blue))])
      ]),
      Figure(panels: [
        Panel(series: [.image(.init(rows: 1, columns: 2, values: [.nan, .nan]))], colours: ColourScale(label: "x"))
      ]),
      Figure(panels: [Panel(series: [.image(.init(rows: 0, columns: 0, values: [])), .boxes([])])]),
      .hypnograms([StageTrack(name: "unscored", classes: [nil, nil])], classNames: Gallery.stages),
      .hypnograms([StageTrack(name: "none", classes: [])], classNames: []),
      .confusion(counts: [], classNames: []), .confusion(counts: [[0]], classNames: ["W"]),
      .labelEfficiency(arms: [], budgetLabel: "subjects", metricLabel: "kappa"),
      .learningCurves(panels: [("loss", [Curve("training", x: [], y: [])])]), .bars([], valueLabel: "x"),
      .bars([("a", .nan, nil), ("b", -1, -2...(-0.5))], valueLabel: "x"),
      .reachability([.infinity], clusters: [nil]), .reachability([], clusters: []),
      .signal(Signal(sensor: .ecg, channels: [], timing: .irregular(seconds: []), samples: [])),
      .pressureMap(values: [], rows: 0, columns: 0),
    ]
    try withTemporaryFolder { folder in
      for (index, figure) in figures.enumerated() {
        let url = folder.appendingPathComponent("\(index).svg")
        #expect(throws: Never.self) { try figure.render(to: url) }
      }
    }
  }

  @Test("Wake stands on top of a hypnogram, REM below it, and an unscored window is a gap")
  func hypnogram() {
    let hypnogram = Hypnogram(stages: [.wake, .n1, nil, .n3, .rem])
    let script = Figure.hypnograms([StageTrack(name: "night", hypnogram)], classNames: Gallery.stages).script()
    #expect(script.contains(#"set ytics ("W" 4.0, "N1" 2.0, "N2" 1.0, "N3" 0.0, "REM" 3.0)"#))
    let heights = script.components(separatedBy: "END_OF_DATA\n")[1].split(separator: "\n")
      .map { String($0.split(separator: " ")[1]) }
    #expect(heights == ["4.0", "2.0", "NaN", "0.0", "3.0", "3.0"])
  }

  @Test("Two hypnograms mark the scored windows in which they differ")
  func disagreement() {
    let figure = Figure.hypnograms(
      [
        StageTrack(name: "a", classes: [0, 1, nil, 2]), StageTrack(name: "b", classes: [0, 0, 1, 1]),
      ], classNames: ["W", "NREM", "REM"], windowSeconds: 3600)
    guard case .boxes(let boxes) = figure.panels[1].series[0] else {
      Issue.record("no boxes")
      return
    }
    #expect(boxes.map(\.x) == [1...2, 3...4])
  }

  @Test("A confusion matrix says row per cent and counts")
  func confusion() {
    let figure = Figure.confusion(counts: [[3, 1], [0, 0]], classNames: ["W", "Sleep"])
    guard case .image(let grid) = figure.panels[0].series[0], case .texts(let texts) = figure.panels[0].series[1]
    else {
      Issue.record("no image and texts")
      return
    }
    #expect(grid.values == [75, 25, 0, 0])
    #expect(texts.map(\.text) == ["75.0 %", "3", "25.0 %", "1", "0.0 %", "0", "0.0 %", "0"])
    #expect(texts[0].colour == .white && texts[2].colour == .ink)
  }

  @Test("A long line keeps its extremes and its gaps in a few thousand points")
  func thinning() {
    var y = (0..<1_000_000).map { sin(Double($0) / 1000) }
    y[123_456] = 50
    for index in 500_000..<510_000 { y[index] = .nan }
    let script = Figure(panels: [
      Panel(series: [.line(x: (0..<y.count).map(Double.init), y: y, style: .init(.blue))])
    ]).script()
    let rows = script.components(separatedBy: "END_OF_DATA\n")[1].split(separator: "\n")
    #expect(rows.count < 4100)
    #expect(rows.contains("123456.0 50.0"))
    #expect(rows.count { $0.hasSuffix("NaN") } == 20)
  }

  @Test("What cannot be drawn is refused in words, and leaves nothing", .needsGnuplot)
  func errors() throws {
    func refusal(_ body: () throws -> Void) -> String? {
      do { try body() } catch { return words(of: error) }
      return nil
    }
    try withTemporaryFolder { folder in
      let figure = Gallery.bars
      let pdf = folder.appendingPathComponent("a.pdf")
      #expect(
        refusal { try figure.render(to: pdf) }
          == "\(pdf.path): found no extension .png or .svg, expected one of them: it chooses the figure's format")
      let nowhere = folder.appendingPathComponent("no/a.png")
      #expect(
        refusal { try figure.render(to: nowhere) }
          == "\(nowhere.path): cannot write the figure: its folder does not exist")
      #expect(
        refusal { _ = try Gnuplot(searchPath: folder.path) }
          == "gnuplot: not found in \(folder.path), needed to draw figures: sudo apt-get install gnuplot-nox")

      // A gnuplot that fails, and does not read what it is given.
      let program = folder.appendingPathComponent("gnuplot")
      try Data("#!/bin/sh\necho 'line 3: unknown' >&2\necho '  terminal' >&2\nexit 2\n".utf8).write(to: program)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
      let url = folder.appendingPathComponent("a.png")
      #expect(
        refusal { try figure.render(to: url, with: Gnuplot(searchPath: folder.path)) }
          == "\(url.path): gnuplot ended with status 2: line 3: unknown; terminal")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["gnuplot"])
    }
  }

  @Test("gnuplot's version is found", .needsGnuplot)
  func version() throws {
    #expect(try Gnuplot().version().hasPrefix("gnuplot "))
  }

  /// A program in gnuplot's place: a script of the shell.
  private func gnuplot(_ script: String, in folder: URL) throws -> Gnuplot {
    let program = folder.appendingPathComponent("gnuplot")
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: program)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    return try Gnuplot(searchPath: folder.path)
  }

  @Test("A picture without its end never gets the figure's name", arguments: ["png", "svg"])
  func cut(format: String) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.\(format)")
      try Data("old".utf8).write(to: url)
      let cutter = try gnuplot("cat > /dev/null; printf '<svg>cut'", in: folder)
      let error = try #require(throws: FigureError.self) { try Gallery.bars.render(to: url, with: cutter) }
      #expect(
        words(of: error)
          == "\(url.path): found a picture of 8 bytes without its end, expected a whole one: run 'gnuplot --version' to see whether "
          + "it works")
      #expect(try String(contentsOf: url, encoding: .utf8) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a.\(format)", "gnuplot"])
    }
  }

  @Test("A figure beside a result costs nothing but a line that says why it is not there")
  func beside() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.png")
      let failing = try gnuplot("echo 'line 3: unknown' >&2; exit 2", in: folder)
      var said: [String] = []
      for _ in 0..<2 { try Gallery.bars.accompany(url, with: failing) { said.append($0) } }
      let line = "\(url.path): gnuplot ended with status 2: line 3: unknown; the result is whole without it"
      #expect(said == [line, line])
      try Data("no program".utf8).write(to: failing.executable)
      said = []
      try Gallery.bars.accompany(url, with: failing) { said.append($0) }
      #expect(
        said.count == 1 && said[0].hasPrefix("\(failing.executable.path): found a program that does not start ("),
        "\(said)")
      #expect(!FileManager.default.fileExists(atPath: url.path))
    }
  }

  @Test(
    "gnuplot is given no name of a file, no start-up file and no variable that steers it, and is sought in absolute folders alone"
  )
  func surroundings() throws {
    try withTemporaryFolder { folder in
      let record = folder.appendingPathComponent("record")
      let spy = try gnuplot(
        "{ echo \"$@\"; env | grep -c -e '^GNU' -e '^GDFONT'; readlink /proc/self/fd/0; } > '\(record.path)'; exit 3",
        in: folder)
      setenv("GNUTERM", "dumb", 1)
      setenv("GNUPLOT_LIB", folder.path, 1)
      defer {
        unsetenv("GNUTERM")
        unsetenv("GNUPLOT_LIB")
      }
      #expect(throws: FigureError.self) {
        try Gallery.bars.render(to: folder.appendingPathComponent("a.png"), with: spy)
      }
      let lines = try String(contentsOf: record, encoding: .utf8).split(separator: "\n")
      #expect(lines.prefix(2) == ["-d", "0"])
      #expect(lines.last?.hasSuffix(" (deleted)") == true, "\(lines)")
      #expect(throws: FigureError.gnuplotMissing(searched: ".:bin")) { try Gnuplot(searchPath: ".:bin") }
    }
  }
}
