import Application
import Codecs
import Primitives
import Runtime
import SIP
import Yams

/// The whole configuration as a value; the empty file is the demo.
struct Configuration: Sendable, Hashable {
  var server = Server()
  var listen = Listen()
  var tls = TLS()
  var rooms = Room.demo
  var prompts = Prompts()
  var recording = Recording()
  var codecs = Codecs()
  var trunks: [TrunkLine] = []
  var flows: [VoiceFlow] = []
  /// Business hours of rooms, by name.
  var hours: [String: BusinessHours] = [:]
  var routes: [RouteLine] = []
  var registrar = Registrar()
  var web = Web()
  var turn = TURN()
  var api = API()
  var webhooks = Webhooks()
  var limits = Limits()

  struct Server: Sendable, Hashable {
    var domain = "localhost"
    /// What goes into SDP and Contact; nil: the address that the peer reached.
    var publicAddress: IPAddress?
  }

  struct Listen: Sendable, Hashable {
    struct SIP: Sendable, Hashable {
      var transport: SIPTransport
      var address: TransportAddress
    }
    var sip = [
      SIP(transport: .udp, address: TransportAddress(.loopbackV4, port: 5060)),
      SIP(transport: .tcp, address: TransportAddress(.loopbackV4, port: 5060)),
      SIP(transport: .tls, address: TransportAddress(.loopbackV4, port: 5061)),
    ]
    /// HTTPS: pages, REST, SIP over WebSocket; nil: none.
    var web: TransportAddress? = TransportAddress(.loopbackV4, port: 8443)
    var media: [IPAddress] = [.loopbackV4]
    var mediaPorts: ClosedRange<UInt16> = 20_000...29_999
    /// Of the first media loop, for all browsers; the next loops take the next ones. Nil: each browser gets a port of its own.
    var browserPort: UInt16? = Listen.usualBrowserPort
    /// Where that port is bound, if not at `media`'s address: the demo's is reachable for Firefox, which takes no way to loopback.
    var browserAddress: IPAddress?

    /// Where it is in use another one does as well; any other port has been chosen, and must be free.
    static let usualBrowserPort: UInt16 = 10_000
    var privateListener = TransportAddress(.loopbackV4, port: 9090)
    var mediaLoops = 1
  }

  struct TLS: Sendable, Hashable {
    /// PEM files of the certificate with its chain and of its key; nil: one that we sign ourselves.
    var certificate: String?
    var key: String?
    /// Servers that we call over TLS prove who they are.
    var verify = true
    /// A PEM file of those who may vouch for them; nil: the machine's authorities.
    var authorities: String?
  }

  struct Room: Sendable, Hashable {
    var pattern: String
    var pin: String?
    var moderatorPIN: String?
    var language: String?
    var greeting: String? = "welcome"
    /// The name of business hours; nil: always open.
    var hours: String?
    var closed = "closed"
    var announceJoining = true
    /// Two members who speak the same are passed on to each other, not mixed.
    var relay = true
    var holdMusic = true
    var record = false
    var recordFormat = "wav"
    var recordTracks = false
    var recordVideo = false
    /// Days that its recordings are kept; 0: as `Recording.retentionDays` says.
    var retentionDays = 0
    var maximumMembers = 1_000
    var specialist: String?
    var moderators: [String] = []
    var agents: [String] = []
    var supervisors: [String] = []
    var sampleRate = 48_000
    var codecs = CodecFilter.all

    /// Rooms 3000–3009 and `support` are open; 4000–4009 want PIN 1234.
    static let demo = [
      Room(pattern: "3000-3009"), Room(pattern: "support"),
      Room(pattern: "4000-4009", pin: "1234", moderatorPIN: "4321"),
    ]
  }

  struct Prompts: Sendable, Hashable {
    var directory = "build/prompts"
    var language = "en"
    /// Our name → file name of a recorded set, without ending.
    var names: [String: String] = [:]
  }

  struct Recording: Sendable, Hashable {
    var directory = "recordings"
    var spill: String?
    var warnBelowFree = 0.10
    var refuseBelowFree = 0.01
    /// Days that recordings are kept where their room says nothing; 0: for ever.
    var retentionDays = 0
    /// Files hold what only some members heard, too.
    var whispers = false
    /// What seals the files; none: they lie there as they are.
    var keys = ArchiveKeys.none
    /// Closed recordings are copied there; nil: nowhere.
    var upload: ObjectPlace?
    /// What has been copied is deleted here.
    var uploadDeletesLocal = false
    /// A PEM file of those who may vouch for the store; nil: the machine's authorities.
    var uploadAuthorities: String?
  }

  struct Codecs: Sendable, Hashable {
    /// Those that need no licence of a patent or of a library.
    var allowed: [CodecName] = [.opus, .g722, .pcmu, .pcma, .g726, .speex, .ilbc, .gsm, .l16]
    /// 0 to 10; nil: what the load allows.
    var opusComplexity: Int?
    var opusBitRate = 24_000
  }

  struct TrunkLine: Sendable, Hashable {
    var name: String
    var host: SIPHost
    var port: UInt16?
    var transport: SIPTransport?
    /// The realm whose challenges are answered; nil: the host.
    var realm: String?
    var username: String?
    var password: Redacted<String>?
    var codecs = CodecFilter.all
  }

  struct RouteLine: Sendable, Hashable {
    var match: String
    /// `block`, `dial`, `room NAME` or `flow NAME`.
    var action: String
  }

  struct Registrar: Sendable, Hashable {
    struct User: Sendable, Hashable {
      var name: String
      var password: Redacted<String>
      var codecs = CodecFilter.all
    }
    var users: [User] = []
    /// Callers who are no users may call rooms.
    var guests = true
  }

  struct API: Sendable, Hashable {
    struct Token: Sendable, Hashable {
      var token: Redacted<String>
      var role: String
    }
    var tokens: [Token] = []
  }

  struct Limits: Sendable, Hashable {
    var members = 10_000
    var rooms = 10_000
    /// Share of a media core above which new calls are refused.
    var load = 0.6
    var inactivitySeconds = 15
  }
}
