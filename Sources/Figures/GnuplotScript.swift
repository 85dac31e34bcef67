import Foundation
import SleepCore

/// Writes a figure as gnuplot commands, which write it to standard output. All text is quoted and taken literally, all data is inline.
struct GnuplotScript {
  enum Format: String {
    case png, svg
  }

  private(set) var text = ""

  init(_ figure: Figure, format: Format) {
    let (width, height) = (figure.widthPixels, figure.heightPixels)
    switch format {
    case .png:
      // Drawn at twice the pixels, which high-resolution screens and print need.
      add(
        "set terminal pngcairo noenhanced size \(2 * width),\(2 * height) fontscale 1 font 'sans-serif,20' background '#FFFFFF' linewidth 2"
      )
    case .svg:
      add("set terminal svg noenhanced size \(width),\(height) font 'sans-serif,13' background '#FFFFFF' linewidth 1")
    }
    add("set encoding utf8")
    let layout = FigureLayout(figure)
    for (index, panel) in figure.panels.enumerated() {
      for (number, series) in panel.series.enumerated() {
        addData(of: series, named: "$p\(index)s\(number)")
      }
    }
    add("set multiplot")
    for (index, panel) in figure.panels.enumerated() {
      add(panel, index, layout, format)
    }
    add("unset multiplot")
  }

  /// Text in one line as gnuplot takes it literally, but for a tick's label, where `%` begins a number: see ``quotedLabel(_:)``.
  ///
  /// Between double quotes every character that has a meaning there, or had one in a release of gnuplot, has a form in octal digits; in
  /// single quotes an apostrophe at the beginning has none.
  static func quoted(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ").replacing("\t", with: " ").visibleLine
    let bytes = line.utf8.map { byte in
      let octal = String(byte, radix: 8)
      return #""'`\$@"#.utf8.contains(byte)
        ? Array(("\\" + String(repeating: "0", count: 3 - octal.count) + octal).utf8) : [byte]
    }
    return "\"" + String(decoding: bytes.joined(), as: UTF8.self) + "\""
  }

  /// A tick's label, which gnuplot takes for the format of a number.
  static func quotedLabel(_ text: String) -> String { quoted(text.replacing("%", with: "%%")) }

  static func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "NaN" }

  /// The step of 1, 2 or 5 times a power of ten that sets ticks at least `spacing` pixels apart.
  static func tickStep(_ range: ClosedRange<Double>, pixels: Double, spacing: Double) -> Double {
    let least = (range.upperBound - range.lowerBound) * spacing / max(pixels, spacing)
    guard least > 0, least.isFinite else { return 1 }
    let power = pow(10, floor(log10(least)))
    return [1, 2, 5, 10].first { $0 * power >= least * 0.999 }.map { $0 * power } ?? 10 * power
  }

  private mutating func add(_ line: String) { text += line + "\n" }

  // MARK: Panels

  private mutating func add(_ panel: Panel, _ index: Int, _ layout: FigureLayout, _ format: Format) {
    guard !panel.isBlank else { return }
    let frame = layout.frames[index]
    add("reset")
    add("set lmargin at screen \(frame.left)")
    add("set rmargin at screen \(frame.right)")
    add("set tmargin at screen \(frame.top)")
    add("set bmargin at screen \(frame.bottom)")
    add("set border 3 linecolor rgb '\(Colour.grey.code)' linewidth 0.8")
    add("set tics nomirror out scale 0.5 textcolor rgb '\(Colour.ink.code)'")
    add("set style fill solid 1.0 noborder")
    let ranges = (
      x: panel.x.range ?? panel.dataRange(isAcross: true), y: panel.y.range ?? panel.dataRange(isAcross: false)
    )
    add(panel.x, "x", ranges.x, pixels: frame.widthPixels)
    add(panel.y, "y", ranges.y, pixels: frame.heightPixels)
    if panel.hasEqualUnits { add("set size ratio -1") }
    var labels = 0
    func label(_ words: String) -> String {
      labels += 1
      return "set label \(labels) \(words)"
    }
    let scale = format == .png ? 20.0 / 13 : 1
    if index == 0, let title = layout.title {
      add(
        label(
          "\(Self.quoted(title)) at screen \(layout.titleLeft), screen \(layout.titleHeight) left font ',\(Int(16 * scale))' textcolor rgb '\(Colour.ink.code)'"
        ))
    }
    for line in index == 0 ? layout.subtitle : [] {
      add(
        label(
          "\(Self.quoted(line.text)) at screen \(layout.titleLeft), screen \(line.height) left textcolor rgb '\(Colour.ink.code)'"
        ))
    }
    if let title = panel.title {
      add(label("\(Self.quoted(title)) at graph 0, graph 1 left offset 0, 0.8 textcolor rgb '\(Colour.ink.code)'"))
    }
    for case .texts(let texts) in panel.series {
      for text in texts {
        add(
          label(
            "\(Self.quoted(text.text)) at \(Self.number(text.x)), \(Self.number(text.y)) "
              + "\(text.isLeftAligned ? "left" : "center") front font ',\(Int(Double(text.points) * scale))' "
              + "textcolor rgb '\(text.colour.code)'"))
      }
    }
    if panel.hasLegend {
      add(
        "set key at screen \(frame.right + 8 * frame.unitX), screen \(frame.top) left top Left reverse samplen 1.6 spacing 1.25 textcolor rgb '\(Colour.ink.code)'"
      )
    } else {
      add("unset key")
    }
    add(panel.colours, panel, frame)
    let plots = panel.series.enumerated().flatMap { plot($1, "$p\(index)s\($0)") }
    add("plot " + (plots.isEmpty ? "NaN notitle" : plots.joined(separator: ", \\\n  ")))
  }

  private mutating func add(_ axis: Axis, _ name: String, _ range: ClosedRange<Double>, pixels: Double) {
    let (from, to) = axis.isReversed ? (range.upperBound, range.lowerBound) : (range.lowerBound, range.upperBound)
    add("set \(name)range [\(Self.number(from)):\(Self.number(to))] noextend")
    if let label = axis.label {
      add("set \(name)label \(Self.quoted(label)) textcolor rgb '\(Colour.ink.code)'")
    }
    if axis.isLogarithmic { add("set logscale \(name)") }
    add("set format \(name) '%g'")
    if !axis.isLogarithmic {
      add(
        "set \(name)tics \(Self.tickStep(range, pixels: pixels, spacing: name == "x" ? 60 : min(45, max(20, pixels / 4))))"
      )
    }
    switch axis.ticks {
    case .automatic: break
    case .unlabelled: add("set format \(name) ''")
    case .none: add("unset \(name)tics")
    case .at(let ticks):
      let list = ticks.map { "\(Self.quotedLabel($0.label)) \(Self.number($0.position))" }
      add(
        "set \(name)tics (\(list.joined(separator: ", "))) nomirror out scale 0.5"
          + (axis.hasSlantedTicks ? " rotate by 45 right" : ""))
    }
  }

  private mutating func add(_ colours: ColourScale?, _ panel: Panel, _ frame: FigureLayout.Frame) {
    guard let colours else { return add("unset colorbox") }
    add("set palette defined (\(colours.map.stops))")
    let range = colours.range ?? panel.imageRange
    add("set cbrange [\(Self.number(range.lowerBound)):\(Self.number(range.upperBound))]")
    if let label = colours.label {
      // Not a `cblabel`: beside a bar that is placed by hand it runs into the numbers.
      add(
        "set label 999 \(Self.quoted(label)) at screen \(frame.right + 84 * frame.unitX), "
          + "screen \((frame.top + frame.bottom) / 2) center rotate by 90 textcolor rgb '\(Colour.ink.code)'")
      add(
        "set colorbox vertical user origin screen \(frame.right + frame.unitX * 18), screen \(frame.bottom) "
          + "size screen \(frame.unitX * 14), screen \(frame.top - frame.bottom) noborder")
      add("set format cb '%g'")
      add("set cbtics scale 0.3 \(Self.tickStep(range, pixels: frame.heightPixels, spacing: 45))")
    } else {
      add("unset colorbox")
    }
  }

  // MARK: Series

  private func plot(_ series: Series, _ data: String) -> [String] {
    func title(_ name: String?) -> String { name.map { "title \(Self.quoted($0))" } ?? "notitle" }
    func line(_ style: Series.Style) -> String {
      "linecolor rgb '\(style.colour.code)' linewidth \(style.width)" + (style.isDashed ? " dashtype (8,5)" : "")
    }
    switch series {
    case .line(let name, _, _, let style):
      return ["\(data) using 1:2 with lines \(line(style)) \(title(name))"]
    case .steps(let name, _, _, let style):
      return ["\(data) using 1:2 with steps \(line(style)) \(title(name))"]
    case .points(let name, _, _, let style):
      return [
        "\(data) using 1:2 with points pointtype 7 pointsize \(0.25 * style.width) linecolor rgb '\(style.colour.code)' \(title(name))"
      ]
    case .intervals(let name, _, _, _, _, let style):
      return [
        "\(data) using 1:2:3:4 with yerrorbars pointtype 7 pointsize 0.8 linecolor rgb '\(style.colour.code)' linewidth \(0.6 * style.width) notitle",
        "\(data) using 1:2 with lines \(line(style)) \(title(name))",
      ]
    case .impulses(let name, _, _, _, let style):
      return [
        "\(data) using 1:2:(int($3)) with impulses linecolor rgb variable linewidth \(style.width) \(title(name))"
      ]
    case .boxes(let boxes):
      return boxes.isEmpty ? [] : ["\(data) using 1:2:3:4:5:6:(int($7)) with boxxyerror linecolor rgb variable notitle"]
    case .image(let grid):
      return grid.values.isEmpty
        ? []
        : [
          "\(data) matrix using (\(grid.x.start)+$1*\(grid.x.step)):(\(grid.y.start)+$2*\(grid.y.step)):3 with image notitle"
        ]
    case .texts: return []
    }
  }

  private mutating func addData(of series: Series, named name: String) {
    var rows: [String] = []
    func row(_ values: Double...) { rows.append(values.map(Self.number).joined(separator: " ")) }
    switch series {
    case .line(_, let x, let y, _):
      for (x, y) in Thinning.envelope(x, y) { row(x, y) }
    case .steps(_, let x, let y, _), .points(_, let x, let y, _):
      for (x, y) in zip(x, y) { row(x, y) }
    case .intervals(_, let x, let y, let low, let high, _):
      for index in 0..<min(x.count, y.count, low.count, high.count) {
        row(x[index], y[index], low[index], high[index])
      }
    case .impulses(_, let x, let y, let colours, _):
      for index in 0..<min(x.count, y.count, colours.count) { row(x[index], y[index], colours[index].number) }
    case .boxes(let boxes):
      for box in boxes {
        row(
          (box.x.lowerBound + box.x.upperBound) / 2, (box.y.lowerBound + box.y.upperBound) / 2,
          box.x.lowerBound, box.x.upperBound, box.y.lowerBound, box.y.upperBound, box.colour.number)
      }
    case .image(let grid):
      for start in stride(from: 0, to: grid.values.count, by: max(grid.columns, 1)) {
        rows.append(
          grid.values[start..<start + grid.columns].map { $0.isFinite ? "\($0)" : "NaN" }
            .joined(separator: " "))
      }
    case .texts: return
    }
    if rows.isEmpty { rows = ["NaN NaN NaN NaN NaN NaN NaN"] }
    add("\(name) << END_OF_DATA")
    text += rows.joined(separator: "\n") + "\n"
    add("END_OF_DATA")
  }
}

extension Colour {
  /// The colour as gnuplot's `rgb variable` reads it.
  var number: Double { Double(Int(code.dropFirst(), radix: 16) ?? 0) }
}
