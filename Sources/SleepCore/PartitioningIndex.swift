extension [Double] {
  /// The first index of which `belongsToSecond` holds, in an array where it never ceases to hold again.
  package func partitioningIndex(where belongsToSecond: (Double) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if belongsToSecond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
