import SleepCore

/// Reads the pickle of a state dictionary without running it: the few instructions that `torch.save` writes put values onto a stack, and names
/// that a state dictionary does not need are refused.
///
/// Follows Python's `pickletools`, protocols 2 to 5. Its work and memory grow with the pickle's bytes alone: each instruction makes at most one
/// value, and takes away what it uses.
struct PickleReader {
  private let bytes: [UInt8]
  private let path: String
  private var at = 0
  private var values: [PickleValue] = []
  private var lists: [[Int]] = []
  private var dictionaries: [[(key: Int, value: Int)]] = []
  private var stack: [Int] = []
  /// How high the stack was at each mark that is still open.
  private var marks: [Int] = []
  private var memo: [Int: Int] = [:]

  /// The most bytes that are read: state dictionaries have some hundred a tensor.
  static let mostBytes = 8 << 20
  private static let longestName = 256
  private static let mostAxes = 64

  /// - Throws: ``WeightsError`` with the byte of the pickle where it is no state dictionary's, or damaged.
  init(_ bytes: [UInt8], path: String) throws(WeightsError) {
    (self.bytes, self.path) = (bytes, path)
    while try step() {}
  }

  /// What the pickle is of.
  var root: PickleValue { stack.last.map { values[$0] } ?? .nothing }

  /// The entries of a dictionary with texts as keys, in their order; of a key that comes twice the last.
  func entries(of dictionary: Int) -> [(key: String, value: PickleValue)] {
    var places: [String: Int] = [:]
    var entries: [(key: String, value: PickleValue)] = []
    for (key, value) in dictionaries[dictionary] {
      guard case .text(let text) = values[key] else { continue }
      if let place = places[text] {
        entries[place].value = values[value]
      } else {
        places[text] = entries.count
        entries.append((text, values[value]))
      }
    }
    return entries
  }
}

// MARK: Instructions

extension PickleReader {
  /// - Returns: Whether there is more.
  private mutating func step() throws(WeightsError) -> Bool {
    let start = at
    switch try byte() {
    case 0x2e:  // STOP
      guard stack.count == 1, marks.isEmpty else { throw damaged("\(stack.count) values at its end", "one") }
      return false
    case 0x80:  // PROTO
      let version = try byte()
      guard version <= 5 else { throw damaged("protocol \(version)", "2 to 5") }
    case 0x95: _ = try number(8)  // FRAME
    case 0x28: marks.append(stack.count)  // MARK
    case 0x30: _ = try pop()  // POP
    case 0x31: _ = try popMarked()  // POP_MARK
    case 0x32: stack.append(try top())  // DUP
    case 0x4e: push(.nothing)  // NONE
    case 0x88: push(.truth(true))  // NEWTRUE
    case 0x89: push(.truth(false))  // NEWFALSE
    case 0x4a: push(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))  // BININT
    case 0x4b: push(.integer(Int(try byte())))  // BININT1
    case 0x4d: push(.integer(try number(2)))  // BININT2
    case 0x8a: push(try long(Int(try byte())))  // LONG1
    case 0x8b: push(try long(try number(4)))  // LONG4
    case 0x47:  // BINFLOAT
      _ = try take(8)
      push(.other)
    case 0x58: push(try text(try number(4)))  // BINUNICODE
    case 0x8c: push(try text(Int(try byte())))  // SHORT_BINUNICODE
    case 0x8d: push(try text(try number(8)))  // BINUNICODE8
    case 0x55: push(try text(Int(try byte())))  // SHORT_BINSTRING
    case 0x54: push(try text(try number(4)))  // BINSTRING
    case 0x43: try pass(Int(try byte()))  // SHORT_BINBYTES
    case 0x42: try pass(try number(4))  // BINBYTES
    case 0x8e, 0x96: try pass(try number(8))  // BINBYTES8, BYTEARRAY8
    case 0x29: push(.tuple([]))  // EMPTY_TUPLE
    case 0x85: push(.tuple(try pop(1)))  // TUPLE1
    case 0x86: push(.tuple(try pop(2)))  // TUPLE2
    case 0x87: push(.tuple(try pop(3)))  // TUPLE3
    case 0x74: push(.tuple(try popMarked()))  // TUPLE
    case 0x5d: push(newList([]))  // EMPTY_LIST
    case 0x6c: push(newList(try popMarked()))  // LIST
    case 0x61: try append(try pop(1))  // APPEND
    case 0x65: try append(try popMarked())  // APPENDS
    case 0x7d: push(newDictionary([]))  // EMPTY_DICT
    case 0x64:  // DICT
      let items = try popMarked()
      push(newDictionary(try pairs(items)))
    case 0x73: try put(try pop(2))  // SETITEM
    case 0x75: try put(try popMarked())  // SETITEMS
    case 0x8f: push(.other)  // EMPTY_SET
    case 0x90:  // ADDITEMS
      _ = try popMarked()
      guard case .other = values[try top()] else { throw damaged("items for \(values[try top()].words)", "a set") }
    case 0x91:  // FROZENSET
      _ = try popMarked()
      push(.other)
    case 0x71: memo[Int(try byte())] = try top()  // BINPUT
    case 0x72: memo[try number(4)] = try top()  // LONG_BINPUT
    case 0x94: memo[memo.count] = try top()  // MEMOIZE
    case 0x68: try remember(Int(try byte()))  // BINGET
    case 0x6a: try remember(try number(4))  // LONG_BINGET
    case 0x63: push(.name(try known(try line(), try line())))  // GLOBAL
    case 0x69:
      _ = try known(try line(), try line())  // INST: names what it makes, and is written by no torch.save
      throw damaged("instruction 0x69", "those that torch.save writes")
    case 0x93:  // STACK_GLOBAL
      let parts = try pop(2)
      guard case .text(let module) = values[parts[0]], case .text(let name) = values[parts[1]] else {
        throw damaged("a name that is no text", "a module's and a class's")
      }
      push(.name(try known(module, name)))
    case 0x51:  // BINPERSID
      let identifier = try pop()
      push(.storage(try storage(identifier)))
    case 0x52, 0x81:  // REDUCE, NEWOBJ
      let parts = try pop(2)
      push(try made(by: parts[0], of: parts[1]))
    case 0x62: try build()  // BUILD
    default:
      throw WeightsError(
        path, found: "instruction 0x\(String(bytes[start], radix: 16)) at byte \(start) of its pickle",
        expected: "those that torch.save writes: save it again with torch.save(model.state_dict(), 'weights.pth')")
    }
    return true
  }

  private func known(_ module: String, _ name: String) throws(WeightsError) -> TorchName {
    if let name = TorchName(module: module, name: name) { return name }
    throw WeightsError(
      path, found: "'\("\(module).\(name)".visibleLine)' in its pickle, which is not run",
      expected: "tensors, texts and numbers alone: save the weights by themselves with "
        + "torch.save(model.state_dict(), 'weights.pth')")
  }

  /// What a known name would make of its arguments.
  private mutating func made(by callable: Int, of argument: Int) throws(WeightsError) -> PickleValue {
    guard case .name(let name) = values[callable] else {
      throw damaged("a call of \(values[callable].words)", "that of a class or function")
    }
    guard case .tuple(let arguments) = values[argument] else {
      throw damaged("\(values[argument].words) as arguments of \(name)", "a tuple")
    }
    switch name {
    case .orderedDictionary: return newDictionary(try orderedPairs(arguments))
    case .rebuildTensor, .rebuildTypedTensor: return .tensor(try tensor(name, arguments))
    case .rebuildParameter:
      guard let first = arguments.first, case .tensor(let tensor) = values[first] else {
        throw damaged("a parameter without a tensor", "a tensor first")
      }
      return .tensor(tensor)
    case .size:
      guard let first = arguments.first, case .tuple = values[first] else {
        throw damaged("a size without numbers", "a tuple of numbers")
      }
      return values[first]
    case .other: return .other
    case .storage, .dtype: throw damaged("a call of \(name)", "none: it is named, and not called")
    }
  }

  /// Takes away a state that is given to an object: that of a dictionary is its metadata.
  private mutating func build() throws(WeightsError) {
    _ = try pop()
    switch values[try top()] {
    case .dictionary, .other: return
    case let value: throw damaged("a state for \(value.words)", "one of a dictionary")
    }
  }
}

// MARK: Tensors

extension PickleReader {
  /// A storage by what stands for it: `('storage', class, key, device, elements)`.
  private func storage(_ identifier: Int) throws(WeightsError) -> TorchStorage {
    guard case .tuple(let parts) = values[identifier], parts.count >= 5, case .text("storage") = values[parts[0]],
      case .name(.storage(let type)) = values[parts[1]], case .text(let key) = values[parts[2]],
      case .integer(let count) = values[parts[4]], count >= 0
    else { throw damaged("a storage that is not described as PyTorch does", "its class, key, device and length") }
    return TorchStorage(key: key, type: type, count: count)
  }

  /// A tensor by its arguments: a storage, an offset, sides, strides, what is of no matter, and a type where the storage has none.
  private func tensor(_ name: TorchName, _ arguments: [Int]) throws(WeightsError) -> TorchTensor {
    guard arguments.count >= 4, case .storage(let storage) = values[arguments[0]],
      case .integer(let offset) = values[arguments[1]], let shape = integers(arguments[2]),
      let strides = integers(arguments[3])
    else { throw damaged("a tensor without storage, offset, sides and strides", "all four") }
    var type = storage.type
    if name == .rebuildTypedTensor {
      guard arguments.count >= 7, case .name(.dtype(let own)) = values[arguments[6]] else {
        throw damaged("a tensor of a storage of bytes without a type", "a type, as torch.float32")
      }
      type = own
    }
    guard let type else { throw damaged("a tensor whose type is not said", "a storage such as FloatStorage") }
    guard let tensor = TorchTensor(storage, type, offset: offset, shape: shape, strides: strides) else {
      throw damaged(
        "a tensor of \(shape) in steps of \(strides) from place \(offset) of a storage of \(storage.count)",
        "one that lies in its storage")
    }
    return tensor
  }

  /// The numbers of a tuple or a list.
  private func integers(_ value: Int) -> [Int]? {
    let items: [Int]
    switch values[value] {
    case .tuple(let parts): items = parts
    case .list(let list): items = lists[list]
    default: return nil
    }
    guard items.count <= Self.mostAxes else { return nil }
    var numbers: [Int] = []
    for item in items {
      guard case .integer(let number) = values[item] else { return nil }
      numbers.append(number)
    }
    return numbers
  }
}

// MARK: Containers

extension PickleReader {
  private mutating func newList(_ items: [Int]) -> PickleValue {
    lists.append(items)
    return .list(lists.count - 1)
  }

  private mutating func newDictionary(_ pairs: [(key: Int, value: Int)]) -> PickleValue {
    dictionaries.append(pairs)
    return .dictionary(dictionaries.count - 1)
  }

  private mutating func append(_ items: [Int]) throws(WeightsError) {
    switch values[try top()] {
    case .list(let list): lists[list] += items
    case .other: return
    case let value: throw damaged("items for \(value.words)", "a list")
    }
  }

  private mutating func put(_ items: [Int]) throws(WeightsError) {
    switch values[try top()] {
    case .dictionary(let dictionary): dictionaries[dictionary] += try pairs(items)
    case .other: return
    case let value: throw damaged("entries for \(value.words)", "a dictionary")
    }
  }

  private func pairs(_ items: [Int]) throws(WeightsError) -> [(key: Int, value: Int)] {
    guard items.count % 2 == 0 else { throw damaged("a key without a value", "one of each") }
    return stride(from: 0, to: items.count, by: 2).map { (items[$0], items[$0 + 1]) }
  }

  /// The entries of an OrderedDict that is made of a list of pairs, as Python 2 wrote it.
  private func orderedPairs(_ arguments: [Int]) throws(WeightsError) -> [(key: Int, value: Int)] {
    guard let first = arguments.first else { return [] }
    guard case .list(let list) = values[first] else { return [] }
    var pairs: [(key: Int, value: Int)] = []
    for item in lists[list] {
      let parts: [Int]
      switch values[item] {
      case .tuple(let items): parts = items
      case .list(let inner): parts = lists[inner]
      default: parts = []
      }
      guard parts.count == 2 else { throw damaged("a dictionary of \(values[item].words)", "pairs") }
      pairs.append((parts[0], parts[1]))
    }
    return pairs
  }
}

// MARK: The stack

extension PickleReader {
  @discardableResult
  private mutating func push(_ value: PickleValue) -> Int {
    values.append(value)
    stack.append(values.count - 1)
    return values.count - 1
  }

  private var floor: Int { marks.last ?? 0 }

  private func top() throws(WeightsError) -> Int {
    guard stack.count > floor, let top = stack.last else { throw damaged("no value where one is used", "one") }
    return top
  }

  private mutating func pop() throws(WeightsError) -> Int {
    let last = try top()
    stack.removeLast()
    return last
  }

  private mutating func pop(_ count: Int) throws(WeightsError) -> [Int] {
    guard stack.count - floor >= count else { throw damaged("no value where one is used", "one") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popMarked() throws(WeightsError) -> [Int] {
    guard let mark = marks.popLast() else { throw damaged("no mark where one is used", "one") }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private mutating func remember(_ place: Int) throws(WeightsError) {
    guard let value = memo[place] else { throw damaged("value \(place), which was never kept", "one that was") }
    stack.append(value)
  }
}

// MARK: Bytes

extension PickleReader {
  private mutating func take(_ count: Int) throws(WeightsError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - at else {
      throw damaged(
        "\(bytes.count - at) bytes where \(count) are said to be", "all of them: it was cut short or changed")
    }
    defer { at += count }
    return bytes[at..<at + count]
  }

  private mutating func byte() throws(WeightsError) -> UInt8 {
    guard at < bytes.count else { throw damaged("its end", "an instruction: it was cut short") }
    defer { at += 1 }
    return bytes[at]
  }

  /// A little-endian number of so many bytes, at least 0.
  private mutating func number(_ size: Int) throws(WeightsError) -> Int {
    var number: UInt64 = 0
    for byte in try take(size).reversed() { number = number << 8 | UInt64(byte) }
    return Int(clamping: number)
  }

  /// A little-endian number in two's complement; one that is larger than any side or place is of no weight.
  private mutating func long(_ size: Int) throws(WeightsError) -> PickleValue {
    let digits = try take(size)
    guard size <= 8 else { return .other }
    var number: UInt64 = (digits.last ?? 0) >= 0x80 ? .max : 0
    for byte in digits.reversed() { number = number << 8 | UInt64(byte) }
    return .integer(Int(Int64(bitPattern: number)))
  }

  private mutating func text(_ size: Int) throws(WeightsError) -> PickleValue {
    .text(String(decoding: try take(size), as: UTF8.self))
  }

  /// Bytes that are of no weight.
  private mutating func pass(_ size: Int) throws(WeightsError) {
    _ = try take(size)
    push(.other)
  }

  private mutating func line() throws(WeightsError) -> String {
    guard let end = bytes[at...].prefix(Self.longestName).firstIndex(of: 0x0a) else {
      throw damaged("a name without an end", "a line of at most \(Self.longestName) bytes")
    }
    defer { at = end + 1 }
    return String(decoding: bytes[at..<end], as: UTF8.self)
  }

  private func damaged(_ found: String, _ expected: String) -> WeightsError {
    WeightsError(path, found: "\(found) at byte \(at) of its pickle", expected: expected)
  }
}
