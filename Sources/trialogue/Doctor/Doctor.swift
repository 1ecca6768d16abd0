import Application
import Codecs
import Foundation
import Primitives
import Runtime
import SIP

/// Looks at the machine with the server's eyes: what is missing, what will be tight, and what to do.
struct Doctor {
  var configuration: Configuration

  /// In the order in which they are worth reading.
  func examine() async -> [Finding] {
    [kernel, cores, descriptors, buffers, scheduling, priority, disk, prompts, opus, certificate] + (await ports)
  }

  private var kernel: Finding {
    let release = ProcFile.text("/proc/sys/kernel/osrelease")?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "?"
    // openat2 with RESOLVE_BENEATH, which recordings are opened with.
    return Doctor.isAtLeast(release, 5, 6)
      ? Finding(.ok, "kernel", "Linux \(release)")
      : Finding(.fail, "kernel", "Linux \(release)", next: "recordings need Linux 5.6 or newer (openat2)")
  }

  private var cores: Finding {
    let count = ProcessInfo.processInfo.activeProcessorCount
    let loops = configuration.listen.mediaLoops
    if loops > max(1, count - 1) {
      return Finding(
        .warn, "cores", "\(count) for \(loops) media loops",
        next: "set listen.media_loops to \(max(1, count - 1)): signalling and files want a core")
    }
    return Finding(.ok, "cores", "\(count), media loops \(loops)")
  }

  private var descriptors: Finding {
    let limit = (try? DescriptorLimit.raise()) ?? 0
    // Two sockets a call, and what the process needs itself.
    let calls = max(0, (limit - 100) / 2)
    return calls >= configuration.limits.members
      ? Finding(.ok, "descriptors", "\(limit) allowed: \(calls) calls")
      : Finding(
        .warn, "descriptors", "\(limit) allowed: \(calls) of limits.members \(configuration.limits.members) calls",
        next: "LimitNOFILE=\(configuration.limits.members * 2 + 100) in the systemd unit, or 'ulimit -Hn'")
  }

  private var buffers: Finding {
    let receive = ProcFile.number("/proc/sys/net/core/rmem_max") ?? 0
    let send = ProcFile.number("/proc/sys/net/core/wmem_max") ?? 0
    let state = "rmem_max \(receive / 1_024) kB, wmem_max \(send / 1_024) kB"
    guard receive < 4 << 20 || send < 1 << 20 else { return Finding(.ok, "socket buffers", state) }
    return Finding(
      .warn, "socket buffers", state,
      next: "for many calls on a shared port: sysctl -w net.core.rmem_max=4194304 net.core.wmem_max=1048576")
  }

  private var scheduling: Finding {
    let release = ProcFile.text("/proc/sys/kernel/osrelease") ?? ""
    let hasSlices = Doctor.isAtLeast(release, 6, 12)
    return hasSlices
      ? Finding(.ok, "time slices", "short slices of the fair scheduler are in force (Linux 6.12)")
      : Finding(
        .warn, "time slices", "this kernel has no slices of its own for threads (Linux 6.12 has)",
        next: "keep other programs off the media cores, or set Nice=-10 in the systemd unit")
  }

  private var priority: Finding {
    let line = ProcFile.line("CapEff:", of: "/proc/self/status") ?? ""
    let bits = line.split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) } ?? 0
    // CAP_SYS_NICE is number 23 (capabilities(7)).
    return bits >> 23 & 1 == 1
      ? Finding(.ok, "priority", "CAP_SYS_NICE is there: a negative nice value may be asked for")
      : Finding(
        .warn, "priority", "no CAP_SYS_NICE: media threads share the cores with other programs",
        next: "Nice=-10 in the systemd unit, if calls stutter beside other programs")
  }

  private var disk: Finding {
    let path = configuration.recording.directory
    let exists = FileManager.default.fileExists(atPath: path)
    let kind = (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
    if let kind, kind != .typeDirectory, kind != .typeSymbolicLink {
      return Finding(.fail, "recordings", "'\(path)' is no directory", next: "set recording.directory")
    }
    let place = exists ? path : (path as NSString).deletingLastPathComponent
    let existing = place.isEmpty ? "." : place
    guard FileManager.default.isWritableFile(atPath: existing) else {
      return Finding(
        .fail, "recordings", "'\(existing)' cannot be written",
        next: "give this user write permission, or set recording.directory")
    }
    guard let attributes = try? FileManager.default.attributesOfFileSystem(forPath: existing),
      let free = (attributes[.systemFreeSize] as? NSNumber)?.int64Value,
      let size = (attributes[.systemSize] as? NSNumber)?.int64Value, size > 0
    else { return Finding(.warn, "recordings", "the free space of '\(existing)' is not known") }
    let share = Double(free) / Double(size)
    // A mixed WAV of a 48 kHz room: 96 kB a second.
    let state =
      "\(free >> 30) GiB free in '\(existing)' (\(Int(share * 100)) %): \(free / 345_600_000) hours of 48 kHz WAV"
    if share < configuration.recording.refuseBelowFree {
      return Finding(
        .fail, "recordings", state, next: "free space: below recording.refuse_below_free nothing is recorded")
    }
    if share < configuration.recording.warnBelowFree {
      return Finding(.warn, "recordings", state, next: "free space, or lower recording.warn_below_free")
    }
    return Finding(.ok, "recordings", state)
  }

  private var prompts: Finding {
    let (library, problems) = PromptFiles(
      directory: configuration.prompts.directory, names: configuration.prompts.names
    ).load(fallback: configuration.prompts.language)
    guard let first = problems.first else {
      return Finding(
        .ok, "prompts",
        "\(library.descriptions.count) in '\(configuration.prompts.directory)': \(library.languages.joined(separator: ", "))"
      )
    }
    let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
    return Finding(.warn, "prompts", first + more, next: "run 'make prompts', or set prompts.directory")
  }

  private var opus: Finding { Finding(.ok, "Opus", OpusLibrary.version) }

  private var certificate: Finding {
    guard configuration.isTLSWanted else { return Finding(.ok, "certificate", "not needed: nothing listens by TLS") }
    return CertificateFiles(configuration).finding(at: Date())
  }

  private var ports: [Finding] {
    get async {
      var findings: [Finding] = []
      for listener in configuration.listen.sip {
        let subject = "SIP \(listener.transport.rawValue) \(listener.address)"
        findings.append(
          await isFree(listener.address, udp: listener.transport == .udp, subject: subject, key: "listen.sip"))
      }
      let address = configuration.listen.privateListener
      findings.append(await isFree(address, udp: false, subject: "HTTP TCP \(address)", key: "listen.private"))
      if let web = configuration.listen.web {
        findings.append(await isFree(web, udp: false, subject: "HTTPS TCP \(web)", key: "listen.web"))
      }
      findings.append(media)
      return findings
    }
  }

  private func isFree(_ address: TransportAddress, udp: Bool, subject: String, key: String) async -> Finding {
    do {
      if udp { _ = try UDPSocket(boundTo: address) } else { try await PortProbe.requireFree(address, key: key) }
      return Finding(.ok, subject, "free")
    } catch {
      return Finding(
        .fail, subject, "not to be had: \((error as? SystemError)?.text ?? "in use")",
        next: "is a server running already ('ss -lnp' shows it)? Else change \(key)")
    }
  }

  /// A few ports of the media range, evenly spread.
  private var media: Finding {
    let range = configuration.listen.mediaPorts
    let ip = configuration.listen.media.first ?? .anyV4
    let step = max(1, range.count / 50)
    let tried = stride(from: Int(range.lowerBound), through: Int(range.upperBound), by: step).map {
      UInt16(clamping: $0)
    }
    let taken = tried.count { (try? UDPSocket(boundTo: TransportAddress(ip, port: $0))) == nil }
    let calls = range.count / 2
    let subject = "media ports"
    let state = "\(range.lowerBound)–\(range.upperBound): \(calls) calls"
    if taken == tried.count {
      return Finding(.fail, subject, "\(state), none free", next: "change listen.media or listen.media_first_port")
    }
    if taken > 0 {
      return Finding(
        .warn, subject, "\(state), \(taken) of \(tried.count) tried are taken",
        next: "keep other programs out of the range")
    }
    if calls < min(configuration.limits.members, 5_000) {
      return Finding(
        .warn, subject, "\(state), limits.members is \(configuration.limits.members)",
        next: "widen listen.media_first_port … media_last_port: a call takes two ports")
    }
    return Finding(.ok, subject, state)
  }

  /// `6.12.3-amd64` is at least 6.12.
  static func isAtLeast(_ release: String, _ major: Int, _ minor: Int) -> Bool {
    let parts = release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
    guard parts.count == 2 else { return false }
    return (parts[0], parts[1]) >= (major, minor)
  }
}
