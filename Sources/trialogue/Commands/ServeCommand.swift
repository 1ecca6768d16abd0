import ArgumentParser
import Foundation
import Logging
import SIP

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Run the server in the foreground.",
    discussion: "HUP reloads the configuration. TERM drains: new calls are refused; a second TERM ends at once.")
  @Option(help: "The YAML file; without it the demo's defaults are in force.") var config: String?
  @Option(help: "trace, debug, info, notice, warning or error.") var logLevel = "notice"

  func run() async throws {
    guard let level = Logger.Level(rawValue: logLevel) else {
      throw ValidationError("--log-level '\(logLevel)' is none of trace, debug, info, notice, warning, error")
    }
    let configuration = try ConfigurationFile.read(config)
    let logger = ServerLog.make(level: level)
    let server: ServerInstance
    do { server = try await ServerInstance.start(configuration, logger: logger) } catch let failure as StartFailure {
      ConfigurationFile.complain("trialogue: \(failure)")
      throw ExitCode(1)
    }
    let signals = SignalStream([SIGTERM, SIGINT, SIGHUP])
    let path = config
    let stream = signals.stream
    let watching = Task {
      for await signal in stream {
        if signal == SIGHUP {
          do { await server.reload(try ConfigurationFile.read(path)) } catch {
            logger.error("the configuration is wrong; nothing was changed")
          }
        } else {
          await server.requestEnd()
        }
      }
    }
    logger.notice("ready: \(configuration.listen.sip.map { "\($0.transport.rawValue) \($0.address)" })")
    await server.waitUntilEnd()
    await server.stop()
    watching.cancel()
    signals.cancel()
  }
}

/// Process signals as a stream.
struct SignalStream {
  let stream: AsyncStream<Int32>
  private let sources: [any DispatchSourceSignal]

  init(_ signals: [Int32]) {
    let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
    self.stream = stream
    sources = signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield(number) }
      source.resume()
      return source
    }
  }

  func cancel() { for source in sources { source.cancel() } }
}

/// The server's log: one event, one line, to standard error.
enum ServerLog {
  static func make(level: Logger.Level) -> Logger {
    var logger = Logger(label: "trialogue") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = level
    return logger
  }
}
