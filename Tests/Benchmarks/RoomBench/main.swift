import Codecs

// What a room costs without sockets: `RoomBench [ticks [name-members-in|out]]` prints a table. Build it with `-c release`.

let ticks = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000
let only = CommandLine.arguments.dropFirst(2).first
print("codec  members talkers packets | µs/tick  µs/taking  µs/member | encodings decodings | allocations/tick")

func measure(_ name: String, _ format: CodecFormat, members: Int, talkers: Int, isFromAll: Bool, mixes: Bool = false) {
  let title = "\(name)-\(members)-\(isFromAll ? "in" : "out")"
  if let only, only != title { return }
  var bench = RoomBench(
    name: name, format: format, members: members, talkers: talkers, isFromAll: isFromAll, mixes: mixes)
  print(bench.run(ticks: members >= 1_000 ? max(ticks / 4, 50) : ticks))
}

for format in [CodecFormat.pcmu, .g722, .opus] {
  for members in [50, 200, 1_000] {
    measure("\(format.codec)", format, members: members, talkers: 3, isFromAll: false)
    measure("\(format.codec)", format, members: members, talkers: 3, isFromAll: true)
  }
}
measure("opus", .opus, members: 5, talkers: 2, isFromAll: true)
measure("mixed", .pcmu, members: 10, talkers: 3, isFromAll: true, mixes: true)
