import ArgumentParser
import Audio
import Foundation
import Primitives
import Runtime
import SIP
import SecureRTP

struct CallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call", abstract: "Call a SIP URI as a phone, say a file, and keep what is heard.",
    discussion: "trialogue call sip:3000@127.0.0.1 --codec g722 --say question.wav --hear answer.wav --seconds 8")
  @Argument(help: "A SIP URI.") var uri: String
  @Option(help: "The only codec that is offered: \(CallerFormat.names).") var codec = "pcmu"
  @Option(help: "WAV file to say, once.") var say: String?
  @Option(help: "Seconds from the answer until it is said.") var after = 1.0
  @Option(help: "WAV file for what is heard from the answer on, at the codec's rate.") var hear: String?
  @Option(help: "Seconds from the answer until hanging up.") var seconds = 10.0
  @Flag(name: .customLong("webrtc"), help: "Call as a browser does: ICE, DTLS-SRTP.") var isBrowser = false
  @Option(help: "How SIP goes there: udp or ws, to the port of the pages without TLS.") var transport = CallerTransport
    .udp
  @Option(help: "User name for servers that ask.") var user: String?
  @Option(help: "Password; TRIALOGUE_PASSWORD says the same.") var password: String?

  func validate() throws {
    guard CallerFormat(rawValue: codec) != nil else {
      throw ValidationError("--codec '\(codec)' is none of \(CallerFormat.names)")
    }
    guard (0...3_600).contains(after), (0.1...3_600).contains(seconds) else {
      throw ValidationError("--after is 0 to 3600 s, --seconds 0.1 to 3600 s")
    }
  }

  func run() async throws {
    do {
      let heard = try await call()
      if let hear { try keep(heard, in: hear) }
      print(
        "heard \(heard.duration) ms at \(heard.sampleRate) Hz, \(Decimals.text(ReceivedAudio.level(heard), 1)) dBFS")
    } catch let problem as TargetProblem {
      ConfigurationFile.complain("trialogue: \(problem)")
      throw ExitCode(1)
    } catch let problem as SystemError {
      ConfigurationFile.complain("trialogue: \(problem)")
      throw ExitCode(1)
    }
  }

  /// Places the call, speaks, and gives what came back.
  private func call() async throws -> AudioClip {
    guard let format = CallerFormat(rawValue: codec), let target = SIPURI(uri) else {
      throw TargetProblem("'\(uri)' is no SIP URI")
    }
    var voice: CodedVoice?
    if let say { voice = try CodedVoice(clip(say), format: format) }
    let server = try await TargetAddress.resolve(target, by: transport)
    let secret = password ?? ProcessInfo.processInfo.environment["TRIALOGUE_PASSWORD"]
    var settings = CallerSettings(
      server: server, local: try await TargetAddress.local(toward: server), slots: 4,
      credentials: user.map { AgentCredentials(username: $0, secret: .password(secret ?? "")) })
    if transport == .ws { settings.webSocket = try await CallerWebSocket.connect(to: server) }
    if isBrowser { settings.certificate = try DTLSCertificate.selfSigned() }
    let loop = try CallerLoop(settings)
    let quiet = try CodedVoice.quiet(format: format)
    let order = CallerOrder(
      id: CallerID(0), isBrowser: isBrowser, partner: .sip(uri: uri), format: format, talk: .never, voice: quiet,
      quiet: quiet,
      keeps: Int(seconds * 50) + 50, name: user ?? "caller")
    loop.post(.place([order], interval: .zero))
    let (after, seconds, isBrowser) = (after, seconds, isBrowser)
    var packets: [KeptPacket] = []
    for await event in loop.events {
      switch event {
      case .answered(_, _) where isBrowser: break
      case .answered(let id, _), .secured(let id, _):
        Task {
          try await Task.sleep(for: .seconds(min(after, seconds)))
          if let voice { loop.post(.say(id, voice, .once)) }
          try await Task.sleep(for: .seconds(max(seconds - after, 0)))
          loop.post(.take(id))
          loop.post(.hangUp([id], interval: .zero))
        }
      case .taken(_, let kept): packets += kept
      case .ended(_, .ours): loop.stop()
      case .ended(_, let ending):
        loop.stop()
        throw TargetProblem("the call to \(uri) ended: \(ending)")
      case .measured: break
      }
    }
    return ReceivedAudio.decode(packets, format: format)
  }

  private func clip(_ path: String) throws -> AudioClip {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TargetProblem("cannot read '\(path)'; is it there, and may it be read?")
    }
    do { return try WAVReader.parse([UInt8](data)) } catch {
      throw TargetProblem("'\(path)' is no WAV file that can be said: \(error)")
    }
  }

  private func keep(_ clip: AudioClip, in path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: Data(WAVWriter.file(clip))) else {
      throw TargetProblem("cannot write '\(path)'; is its folder there?")
    }
  }
}
