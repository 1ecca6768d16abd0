import ArgumentParser
import Foundation
import Logging
import Primitives

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Run the server as a demo, ready to take calls.",
    discussion: """
      Listens on loopback only unless --public. On a terminal: t adds a talking test caller, x removes one, 0–9 choose the \
      room, r toggles its recording, q ends.
      """)
  @Flag(name: .customLong("public"), help: "Listen on all addresses of this machine.") var isPublic = false
  @Flag(help: "Place real calls to itself, check that the right speech came through, and end: 0 if it did, else 1.")
  var selfTest = false
  @Option(help: "A YAML file instead of the demo's defaults.") var config: String?
  @Option(help: "trace, debug, info, notice, warning or error.") var logLevel = "error"

  func run() async throws {
    guard let level = Logger.Level(rawValue: logLevel) else {
      throw ValidationError("--log-level '\(logLevel)' is none of trace, debug, info, notice, warning, error")
    }
    let logger = ServerLog.make(level: level)
    var configuration = try ConfigurationFile.read(config)
    do {
      if selfTest {
        let test = SelfTest(configuration: configuration, logger: logger) { print($0) }
        let passed = try await test.run()
        print(passed ? "self-test passed" : "self-test FAILED")
        if !passed { throw ExitCode(1) }
        return
      }
      if isPublic { try await open(&configuration) } else { await admitFirefox(&configuration) }
      let key = ShopKey()
      let isOurs = key.add(to: &configuration)
      let server = try await ServerInstance.start(configuration, shop: isOurs ? key.mint : nil, logger: logger)
      await Demo(server: server, isPublic: isPublic).run()
    } catch let failure as StartFailure {
      ConfigurationFile.complain("trialogue: \(failure)")
      if "\(failure)".contains("listen.") { ConfigurationFile.complain(DemoCommand.portHint) }
      throw ExitCode(1)
    }
  }

  private static let portHint = """
    Other ports: TRIALOGUE_LISTEN_SIP='udp 127.0.0.1:5070' TRIALOGUE_LISTEN_WEB=127.0.0.1:8444 \
    TRIALOGUE_LISTEN_PRIVATE=127.0.0.1:9091 trialogue demo
    """

  /// Everything on all addresses; peers are told the one that the default route uses.
  private func open(_ configuration: inout Configuration) async throws {
    for index in configuration.listen.sip.indices where configuration.listen.sip[index].address.ip.isLoopback {
      configuration.listen.sip[index].address.ip = .anyV4
    }
    if configuration.listen.web?.ip.isLoopback == true { configuration.listen.web?.ip = .anyV4 }
    configuration.listen.media = [.anyV4]
    guard configuration.server.publicAddress == nil else { return }
    configuration.server.publicAddress = await ownAddress ?? .loopbackV4
  }

  /// Firefox takes no way to loopback. So the browsers' port, and nothing else, is at the machine's own address if it has one: what comes
  /// there without the secrets of a call, which are told on loopback, gets no answer.
  private func admitFirefox(_ configuration: inout Configuration) async {
    guard configuration.listen.media == [.loopbackV4], configuration.server.publicAddress == nil else { return }
    configuration.listen.browserAddress = await ownAddress
  }

  /// The address that the default route uses.
  private var ownAddress: IPAddress? {
    get async {
      // An address of the documentation's network (RFC 5737): nothing is sent there.
      let outside = TransportAddress(.v4(0xC000_0201), port: 9)
      return try? await TargetAddress.local(toward: outside)
    }
  }
}
