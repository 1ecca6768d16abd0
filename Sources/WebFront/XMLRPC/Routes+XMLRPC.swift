import Application
import HTTPTypes
import Hummingbird
import NIOCore

extension Routes {
  /// `POST /RPC2`: the control plane by XML-RPC. Faults are answers like any other; only who may not come in at all, and what
  /// is no XML, gets an error of HTTP.
  func addXMLRPC<Context: RequestContext>(to router: Router<Context>) {
    let access = access
    let control = control
    router.post("RPC2") { request, _ in
      try access.require(.viewer, of: request)
      // Forms and plain text are what a browser sends across sites without asking.
      let type = request.headers[.contentType]?.lowercased() ?? ""
      guard type.hasPrefix("text/xml") || type.hasPrefix("application/xml") else {
        throw Problem(
          status: .unsupportedMediaType, title: "Unsupported media type", detail: "Send 'Content-Type: text/xml'")
      }
      let body: ByteBuffer
      do { body = try await request.body.collect(upTo: JSONBody.limit) } catch {
        throw Problem(
          status: .contentTooLarge, title: "Body too large",
          detail: "A request's body has at most \(JSONBody.limit) octets")
      }
      return Routes.xml(try await Routes.answer(Array(body.readableBytesView), of: request, control, access))
    }
  }

  private static func answer(
    _ octets: [UInt8], of request: Request, _ control: any ControlPlane, _ access: Access
  ) async throws -> String {
    do {
      let call = try XMLRPCCall(octets)
      guard let method = XMLRPCMethod(rawValue: call.method) else { throw XMLRPCFault.unknownMethod(call.method) }
      try access.require(method.role, of: request)
      let value = try await method.perform(call, by: control)
      return "<?xml version=\"1.0\"?>\n<methodResponse><params><param>\(value.text)</param></params></methodResponse>\n"
    } catch let fault as XMLRPCFault {
      return fault.text
    } catch let error as ControlError {
      return XMLRPCFault(error).text
    }
  }

  private static func xml(_ text: String) -> Response {
    Response(
      status: .ok, headers: [.contentType: "text/xml; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
