import Primitives
import TestSupport
import Testing

@testable import WebFront

/// Calls of XML-RPC: whatever comes is a call or a fault, and a value that was read is printed so that it reads the same.
@Suite struct XMLRPCFuzzing {
  static let own = [
    """
    <?xml version="1.0"?><methodCall><methodName>dialout</methodName><params><param><value>3000</value></param>
    <param><value><string>sip:a@x &lt;&#65;</string></value></param><param><value><struct><member><name>context</name>
    <value><struct><member><name>order</name><value><i4>4711</i4></value></member></struct></value></member></struct></value>
    </param><param><value><array><data><value><boolean>1</boolean></value><value><double>1.5</double></value><value><nil/></value>
    <value><base64>AA==</base64></value><value><dateTime.iso8601>20261125T08:30:00</dateTime.iso8601></value></data></array>
    </value></param></params></methodCall>
    """
  ].map { Array($0.utf8) }
  static let tokens = [
    "<", ">", "</", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE ", "<?", "?>", "&lt;", "&#", "&#x", ";",
    "<value>",
    "</value>", "<struct>", "<member>", "<name>", "<array>", "<data>", "<int>", "99999999999999999999", "1e999", "nan",
    "\u{0}", "ü",
  ]

  @Test func callsAreReadOrRefused() {
    var fuzzer = Fuzzer("xml-rpc", seeds: Self.own, tokens: Self.tokens, isText: true, limit: 4_096)
    fuzzer.run { (input, _) throws(FuzzFailure) in
      let call: XMLRPCCall
      do throws(XMLRPCFault) { call = try XMLRPCCall(input) } catch {
        try FuzzFailure.unless(error.code < 0 && !error.reason.isEmpty, "a refusal says why")
        return .refused
      }
      var outcome = FuzzOutcome.accepted
      outcome.add(size: call.parameters.count)
      for value in call.parameters {
        let again = (try? XMLReader.read(Array(value.text.utf8))).flatMap { try? XMLRPCValue($0) }
        try FuzzFailure.unless(again == value, "a value is printed as it is read", "\(value)")
      }
      return outcome
    }.check()
  }
}
