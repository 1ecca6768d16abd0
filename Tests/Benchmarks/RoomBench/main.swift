import Codecs
import Foundation
import RoomLoad
import SecureRTP

// What a room costs without sockets: `RoomBench [ticks [name-members-in|out]]` prints a table. Build it with `-c release`.
// `RoomBench check` only proves that a warm room takes no memory per packet: it exits with 1 if one does.

let words = Array(CommandLine.arguments.dropFirst())

func load(
  _ name: String, _ format: CodecFormat, members: Int, talkers: Int, isFromAll: Bool, mixes: Bool = false,
  profile: SRTPProfile? = nil, relays: Bool = false, ticks: Int
) -> RoomLoad.Result {
  var load = RoomLoad(
    name: name, format: format, members: members, talkers: talkers, isFromAll: isFromAll, mixes: mixes,
    profile: profile, relays: relays)
  return load.run(ticks: ticks, warmUp: 300)
}

if words.first == "check" {
  var results = [false, true].map {
    load("mixed", .pcmu, members: 10, talkers: 3, isFromAll: true, mixes: $0, ticks: 2_000)
  }
  for format in [CodecFormat.pcmu, .opus, .g722] {
    results.append(load("relay", format, members: 2, talkers: 0, isFromAll: true, relays: true, ticks: 2_000))
  }
  for profile in SRTPProfile.dtlsPreference {
    results.append(
      load("srtp", .pcmu, members: 10, talkers: 3, isFromAll: true, mixes: true, profile: profile, ticks: 2_000))
  }
  for result in results { print(result) }
  exit(results.allSatisfy { $0.allocatingTicks == 0 } ? 0 : 1)
}

let ticks = words.first.flatMap { Int($0) } ?? 1_000
print(
  "codec  members talkers packets |  µs/tick µs/taking  µs/member | encodings decodings | allocations; ticks that should not"
)

func measure(
  _ name: String, _ format: CodecFormat, members: Int, talkers: Int, isFromAll: Bool, mixes: Bool = false,
  profile: SRTPProfile? = nil
) {
  if words.count > 1, words[1] != "\(name)-\(members)-\(isFromAll ? "in" : "out")" { return }
  let ticks = members >= 1_000 ? max(ticks / 4, 50) : ticks
  print(
    load(
      name, format, members: members, talkers: talkers, isFromAll: isFromAll, mixes: mixes,
      profile: profile, ticks: ticks))
}

for format in [CodecFormat.pcmu, .g722, .opus] {
  for members in [50, 200, 1_000] {
    measure("\(format.codec)", format, members: members, talkers: 3, isFromAll: false)
    measure("\(format.codec)", format, members: members, talkers: 3, isFromAll: true)
  }
}
measure("opus", .opus, members: 5, talkers: 2, isFromAll: true)
measure("mixed", .pcmu, members: 10, talkers: 3, isFromAll: true, mixes: true)
// Protected as between browsers: against `opus` with as many members.
for (name, profile) in [("gcm", SRTPProfile.aeadAES128GCM), ("sha1", .aes128CMSHA1Tag80)] {
  measure(name, .opus, members: 200, talkers: 3, isFromAll: false, profile: profile)
  measure(name, .opus, members: 200, talkers: 3, isFromAll: true, profile: profile)
}
