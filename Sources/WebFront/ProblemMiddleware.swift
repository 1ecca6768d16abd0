import Application
import HTTPTypes
import Hummingbird
import Logging

/// What the framework itself refuses, an unknown path above all, is told as problem detail too.
struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
  let logger: Logger

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    do { return try await next(request, context) } catch let problem as Problem {
      throw problem
    } catch let error as HTTPError where error.status == .notFound {
      throw Problem(ControlError(.notFound, "Nothing is here; GET /openapi.yaml tells what there is"))
    } catch let error as any HTTPResponseError {
      throw Problem(
        status: error.status, title: error.status.reasonPhrase,
        detail: "The request cannot be worked with; GET /openapi.yaml tells what is wanted")
    } catch let error as CancellationError {
      throw error
    } catch {
      // What went wrong inside is for the log, not for the caller.
      logger.error("a request failed", metadata: ["error": "\(error)"])
      throw Problem(ControlError(.failed, "The server could not do it; its log tells why"))
    }
  }
}
