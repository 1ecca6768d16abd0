/// How many letters are to be changed to make one word of another (Levenshtein), for "did you mean".
enum EditDistance {
  static func between(_ left: String, _ right: String) -> Int {
    let left = Array(left.lowercased())
    let right = Array(right.lowercased())
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let above = row[j + 1]
        row[j + 1] = a == b ? diagonal : 1 + min(diagonal, min(above, row[j]))
        diagonal = above
      }
    }
    return row[right.count]
  }

  /// `; did you mean 'x'?` if a word is near, else the words to choose from.
  static func hint(_ word: String, among words: [String]) -> String {
    let near = words.map { ($0, between(word, $0)) }.min { $0.1 < $1.1 }
    if let near, near.1 <= max(2, word.count / 3) { return "; did you mean '\(near.0)'?" }
    return words.isEmpty ? "" : "; known here: \(words.sorted().joined(separator: ", "))"
  }
}
