/// A value of a pickle. Values stand in one list and name each other by their places in it, so that what is nested as deep as a file can say
/// is held, and freed, without a call for each level.
enum PickleValue {
  case nothing
  case truth(Bool)
  case integer(Int)
  case text(String)
  /// A class or a function that is known.
  case name(TorchName)
  case tuple([Int])
  /// Which of the pickle's lists.
  case list(Int)
  /// Which of the pickle's dictionaries.
  case dictionary(Int)
  case storage(TorchStorage)
  case tensor(TorchTensor)
  /// What no weight is made of: fractions, bytes, sets, numbers of NumPy.
  case other

  /// In words, for errors.
  var words: String {
    switch self {
    case .nothing: "None"
    case .truth: "a truth value"
    case .integer: "a number"
    case .text: "a text"
    case .name(let name): "'\(name)'"
    case .tuple: "a tuple"
    case .list: "a list"
    case .dictionary: "a dictionary"
    case .storage: "a storage without a tensor"
    case .tensor: "a tensor"
    case .other: "no tensor"
    }
  }
}
