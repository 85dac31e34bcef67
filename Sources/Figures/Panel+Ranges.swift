extension Panel {
  /// The range of the finite data on one axis, with a little room; `0...1` where there is none.
  func dataRange(isAcross: Bool) -> ClosedRange<Double> {
    var values: [Double] = []
    var hasRoom = !isAcross
    for series in series {
      switch series {
      case .image(let grid):
        let (start, step, count) =
          isAcross
          ? (grid.x.start, grid.x.step, grid.columns) : (grid.y.start, grid.y.step, grid.rows)
        values += [start - step / 2, start + (Double(count) - 0.5) * step]
        hasRoom = false
      default: values += isAcross ? series.points.x : series.points.y
      }
    }
    let isLogarithmic = isAcross ? x.isLogarithmic : y.isLogarithmic
    let finite = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    guard let least = finite.min(), let greatest = finite.max() else {
      return isLogarithmic ? 1...10 : 0...1
    }
    guard greatest > least else {
      return isLogarithmic ? least / 2...least * 2 : least - 0.5...least + 0.5
    }
    guard hasRoom, !isLogarithmic else { return least...greatest }
    let room = 0.05 * (greatest - least)
    return least - room...greatest + room
  }

  /// The range of the images' finite values; `0...1` where there is none.
  var imageRange: ClosedRange<Double> {
    var range: (Float, Float)?
    for case .image(let grid) in series {
      for value in grid.values where value.isFinite {
        range = range.map { (min($0.0, value), max($0.1, value)) } ?? (value, value)
      }
    }
    guard let (least, greatest) = range else { return 0...1 }
    return greatest > least ? Double(least)...Double(greatest) : Double(least) - 0.5...Double(least) + 0.5
  }
}

extension Series {
  /// What must lie within the axes.
  fileprivate var points: (x: [Double], y: [Double]) {
    switch self {
    case .line(_, let x, let y, _), .steps(_, let x, let y, _), .points(_, let x, let y, _): (x, y)
    case .impulses(_, let x, let y, _, _): (x, y + [0])
    case .intervals(_, let x, let y, let low, let high, _): (x, y + low + high)
    case .boxes(let boxes):
      (
        boxes.flatMap { [$0.x.lowerBound, $0.x.upperBound] },
        boxes.flatMap { [$0.y.lowerBound, $0.y.upperBound] }
      )
    case .texts, .image: ([], [])
    }
  }
}
