/// How a key reads in a document: `maskRatio` is `mask_ratio`, `sampleRateHz` is `sample_rate_hz`, `useCRF` is `use_crf`.
public func snakeCase(_ name: String) -> String {
  let letters = Array(name)
  var result = ""
  for (index, letter) in letters.enumerated() {
    if letter.isUppercase, index > 0, letters[index - 1] != "_", letters[index - 1] != "-" {
      let followsWord = !letters[index - 1].isUppercase
      let startsWord = index + 1 < letters.count && letters[index + 1].isLowercase
      if followsWord || startsWord { result.append("_") }
    }
    result += letter.lowercased()
  }
  return result
}
