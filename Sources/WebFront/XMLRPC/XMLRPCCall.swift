import Application

/// A call of XML-RPC: a method and its parameters, read by their types.
struct XMLRPCCall {
  let method: String
  let parameters: [XMLRPCValue]

  init(_ octets: [UInt8]) throws(XMLRPCFault) {
    let element: XMLElement
    do { element = try XMLReader.read(octets) } catch {
      throw .parse("the document \(error.reason) (octet \(error.position))")
    }
    guard element.name == "methodCall", let name = element["methodName"]?.text, !name.isEmpty else {
      throw .parse("a call is a 'methodCall' with a 'methodName'")
    }
    method = name
    var values: [XMLRPCValue] = []
    for parameter in element["params"]?.children ?? [] {
      guard parameter.name == "param", let value = parameter["value"] else {
        throw .parse("'params' holds 'param' with a 'value' each")
      }
      values.append(try XMLRPCValue(value))
    }
    parameters = values
  }

  /// The parameter at a place, which must be there.
  func string(_ index: Int, _ name: String) throws(XMLRPCFault) -> String {
    guard parameters.indices.contains(index) else {
      throw .parameters("Parameter \(index + 1), \(name), is missing")
    }
    switch parameters[index] {
    case .string(let text): return text
    // Room numbers come as numbers, too.
    case .int(let number): return "\(number)"
    case .boolean, .double, .date, .data, .array, .structure, .null:
      throw .parameters("Parameter \(index + 1), \(name), is text")
    }
  }

  /// The members of the parameter at a place, if it is there; others than those that are known are refused.
  func options(_ index: Int, known: Set<String>) throws(XMLRPCFault) -> [String: XMLRPCValue] {
    guard parameters.indices.contains(index) else { return [:] }
    guard case .structure(let members) = parameters[index] else {
      throw .parameters("Parameter \(index + 1) is a struct")
    }
    if let unknown = members.keys.filter({ !known.contains($0) }).min() {
      throw .parameters(
        "Unknown member '\(Problem.harmless(unknown))'; known are: \(known.sorted().joined(separator: ", "))")
    }
    return members
  }

  /// No more parameters than the method has.
  func expect(atMost count: Int) throws(XMLRPCFault) {
    guard parameters.count <= count else { throw .parameters("\(method) has at most \(count) parameters") }
  }
}

extension [String: XMLRPCValue] {
  func string(_ name: String) throws(XMLRPCFault) -> String? {
    switch self[name] {
    case nil, .null?: return nil
    case .string(let text)?: return text
    case .int(let number)?: return "\(number)"
    case .boolean?, .double?, .date?, .data?, .array?, .structure?: throw .parameters("Member '\(name)' is text")
    }
  }

  func integer(_ name: String) throws(XMLRPCFault) -> Int? {
    switch self[name] {
    case nil, .null?: return nil
    case .int(let number)?: return number
    case .string?, .boolean?, .double?, .date?, .data?, .array?, .structure?:
      throw .parameters("Member '\(name)' is an integer")
    }
  }

  func boolean(_ name: String) throws(XMLRPCFault) -> Bool? {
    switch self[name] {
    case nil, .null?: return nil
    case .boolean(let value)?: return value
    case .string?, .int?, .double?, .date?, .data?, .array?, .structure?:
      throw .parameters("Member '\(name)' is a boolean")
    }
  }

  /// A struct of texts.
  func texts(_ name: String) throws(XMLRPCFault) -> [String: String]? {
    switch self[name] {
    case nil, .null?: return nil
    case .structure(let members)?:
      var texts: [String: String] = [:]
      for key in members.keys { texts[key] = try members.string(key) }
      return texts
    case .string?, .int?, .boolean?, .double?, .date?, .data?, .array?:
      throw .parameters("Member '\(name)' is a struct of texts")
    }
  }
}
