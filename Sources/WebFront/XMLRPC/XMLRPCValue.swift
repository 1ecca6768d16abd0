/// A value of XML-RPC; dates and octets stay the text that they are.
enum XMLRPCValue: Hashable, Sendable {
  case int(Int)
  case boolean(Bool)
  case double(Double)
  case string(String)
  /// `20261125T08:30:00`.
  case date(String)
  /// Base64.
  case data(String)
  case array([XMLRPCValue])
  case structure([String: XMLRPCValue])
  case null
}

extension XMLRPCValue {
  /// What stands in a `value` element.
  init(_ element: XMLElement) throws(XMLRPCFault) {
    guard element.name == "value" else { throw .parse("'value' is wanted, not '\(element.name)'") }
    guard let inner = element.children.first else {
      self = .string(element.text)
      return
    }
    guard element.children.count == 1 else { throw .parse("a 'value' has more than one element") }
    let text = inner.text.trimmed
    switch inner.name {
    case "string": self = .string(inner.text)
    case "int", "i4", "i8":
      guard let number = Int(text) else { throw .parse("'\(Problem.harmless(text))' is no integer") }
      self = .int(number)
    case "boolean":
      guard text == "0" || text == "1" else { throw .parse("a boolean is 0 or 1") }
      self = .boolean(text == "1")
    case "double":
      guard let number = Double(text), number.isFinite else {
        throw .parse("'\(Problem.harmless(text))' is no number")
      }
      self = .double(number)
    case "dateTime.iso8601": self = .date(text)
    case "base64": self = .data(text)
    case "nil": self = .null
    case "array":
      guard let data = inner["data"] else { throw .parse("an 'array' has no 'data'") }
      var values: [XMLRPCValue] = []
      for child in data.children { values.append(try XMLRPCValue(child)) }
      self = .array(values)
    case "struct":
      var members: [String: XMLRPCValue] = [:]
      for child in inner.children {
        guard child.name == "member", let name = child["name"]?.text, let value = child["value"] else {
          throw .parse("a 'struct' has members with 'name' and 'value'")
        }
        guard members.updateValue(try XMLRPCValue(value), forKey: name) == nil else {
          throw .parse("the member '\(Problem.harmless(name))' stands here twice")
        }
      }
      self = .structure(members)
    case let name: throw .parse("'\(name)' is no type of XML-RPC")
    }
  }

  /// The `value` element.
  var text: String {
    let inner =
      switch self {
      case .int(let number): Int32(exactly: number) == nil ? "<i8>\(number)</i8>" : "<int>\(number)</int>"
      case .boolean(let isTrue): "<boolean>\(isTrue ? 1 : 0)</boolean>"
      case .double(let number): "<double>\(number)</double>"
      case .string(let text): "<string>\(text.escaped)</string>"
      case .date(let text): "<dateTime.iso8601>\(text.escaped)</dateTime.iso8601>"
      case .data(let text): "<base64>\(text.escaped)</base64>"
      case .null: "<nil/>"
      case .array(let values): "<array><data>\(values.map(\.text).joined())</data></array>"
      case .structure(let members):
        "<struct>"
          + members.sorted { $0.key < $1.key }
          .map { "<member><name>\($0.key.escaped)</name>\($0.value.text)</member>" }.joined() + "</struct>"
      }
    return "<value>\(inner)</value>"
  }
}

/// What the control plane says, member by member, as in JSON.
extension XMLRPCValue: Decodable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int.self) {
      self = .int(value)
    } else if let value = try? container.decode(Double.self) {
      self = .double(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let values = try? container.decode([XMLRPCValue].self) {
      self = .array(values)
    } else {
      self = .structure(try container.decode([String: XMLRPCValue].self))
    }
  }
}

extension String {
  /// Fit to stand in an element. Characters that XML cannot carry become question marks.
  fileprivate var escaped: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x3C: text += "&lt;"
      case 0x3E: text += "&gt;"
      case 0x26: text += "&amp;"
      case 0x0D: text += "&#13;"
      case 0x9, 0xA: text.unicodeScalars.append(scalar)
      case 0..<0x20, 0xFFFE, 0xFFFF: text += "?"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  fileprivate var trimmed: String {
    let spaces: Set<Character> = [" ", "\t", "\n", "\r", "\r\n"]
    var text = self[...]
    while let first = text.first, spaces.contains(first) { text.removeFirst() }
    while let last = text.last, spaces.contains(last) { text.removeLast() }
    return String(text)
  }
}
