/// One element of an XML document: its name, what stands in it, and its text with the elements left out.
struct XMLElement: Hashable, Sendable {
  var name: String
  var children: [XMLElement] = []
  var text = ""

  /// The first child of that name.
  subscript(name: String) -> XMLElement? { children.first { $0.name == name } }
}
