import Application
import HTTPTypes
import Hummingbird
import NIOCore

/// Health and metrics on the private listener: `/healthz`, `/readyz`, `/metrics`.
package struct MonitoringRoutes: Sendable {
  private let control: any ControlPlane
  private let metrics: MetricsPage

  package init(control: any ControlPlane, metrics: MetricsPage) {
    self.control = control
    self.metrics = metrics
  }

  package func add<Context: RequestContext>(to router: Router<Context>) {
    router.get("healthz") { _, _ in "ok\n" }
    router.get("readyz") { [control] _, _ in
      let status = await control.status()
      let reasons = (status.draining ? ["draining"] : []) + status.alerts
      return Response(
        status: status.ready ? .ok : .serviceUnavailable, headers: [.contentType: "text/plain; charset=utf-8"],
        body: ResponseBody(
          byteBuffer: ByteBuffer(string: reasons.isEmpty ? "ready\n" : reasons.joined(separator: "\n") + "\n")))
    }
    router.get("metrics") { [metrics] _, _ in
      Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: await metrics.text())))
    }
  }
}
