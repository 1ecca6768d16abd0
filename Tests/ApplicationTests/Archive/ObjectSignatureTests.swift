import Primitives
import Testing

@testable import Application

@Suite struct ObjectSignatureTests {
  /// "Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk", example "PUT Object".
  @Test func theExampleOfTheStoresDocumentationComesOut() {
    let sum = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
    let signature = ObjectSignature(
      accessKey: "AKIAIOSFODNN7EXAMPLE", secret: Redacted("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
      region: "us-east-1", time: ObjectSignature.time("2013-05-24T00:00:00.000Z"))
    let text = signature.authorization(
      "PUT", "/test%24file.text",
      fields: [
        ("host", "examplebucket.s3.amazonaws.com"), ("date", "Fri, 24 May 2013 00:00:00 GMT"),
        ("x-amz-date", "20130524T000000Z"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("x-amz-content-sha256", sum),
      ], sha256: sum)
    #expect(
      text == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        + "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,"
        + "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
  }
}
