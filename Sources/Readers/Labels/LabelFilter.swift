/// Which texts of a label file are labels, where a card says it: those of its pattern, and those that its vocabulary has.
struct LabelFilter {
  private let only: WordPattern?
  private let vocabulary: StageVocabulary

  init(_ rules: LabelRules?, _ vocabulary: StageVocabulary) {
    only = rules?.only.map { WordPattern($0) }
    self.vocabulary = vocabulary
  }

  func isLabel(_ text: String) -> Bool {
    guard let only else { return true }
    return only.matches(key: StageVocabulary.key(text)) || vocabulary.isOwn(text)
  }
}
