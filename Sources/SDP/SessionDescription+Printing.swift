/// RFC 8866, section 5: the order of lines is fixed.
extension SessionDescription {
  package func encoded() -> String {
    var text = ""
    func line(_ type: Character, _ value: String, into text: inout String) {
      text.append(type)
      text += "="
      text += value
      text += "\r\n"
    }
    line("v", String(version), into: &text)
    line("o", origin.description, into: &text)
    line("s", sessionName.isEmpty ? " " : sessionName, into: &text)
    if let information { line("i", information, into: &text) }
    if let uri { line("u", uri, into: &text) }
    for email in emails { line("e", email, into: &text) }
    for phone in phones { line("p", phone, into: &text) }
    if let connection { line("c", connection.description, into: &text) }
    for item in bandwidth { line("b", item.description, into: &text) }
    for time in timing {
      line("t", time.active, into: &text)
      for item in time.repeats { line("r", item, into: &text) }
    }
    if let zones { line("z", zones, into: &text) }
    if let key { line("k", key, into: &text) }
    for attribute in attributes.fields { line("a", attribute.description, into: &text) }
    for section in media {
      line("m", section.line, into: &text)
      if let title = section.title { line("i", title, into: &text) }
      for connection in section.connections { line("c", connection.description, into: &text) }
      for item in section.bandwidth { line("b", item.description, into: &text) }
      if let key = section.key { line("k", key, into: &text) }
      for attribute in section.attributes.fields { line("a", attribute.description, into: &text) }
    }
    return text
  }
}
