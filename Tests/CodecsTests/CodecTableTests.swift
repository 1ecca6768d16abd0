import Testing

@testable import Codecs

@Suite struct CodecTableTests {
  @Test func findsFormatsByTheirNamesWithoutCase() {
    #expect(CodecTable.lookup(encodingName: "pcmu", clockRate: 8_000) == .pcmu)
    #expect(CodecTable.lookup(encodingName: "G722", clockRate: 8_000) == .g722)
    #expect(CodecTable.lookup(encodingName: "OPUS", clockRate: 48_000, channels: 2) == .opus)
    #expect(CodecTable.lookup(encodingName: "L16", clockRate: 44_100, channels: 2) == .l16(44_100, channels: 2))
    #expect(CodecTable.lookup(encodingName: "L16", clockRate: 11_025) == nil)
    #expect(CodecTable.lookup(encodingName: "PCMU", clockRate: 16_000) == nil)
    #expect(CodecTable.lookup(encodingName: "iLBC", clockRate: 8_000) == .ilbc(.thirtyMilliseconds))
    #expect(CodecTable.lookup(encodingName: "ilbc", clockRate: 8_000, fmtp: "mode=20") == .ilbc(.twentyMilliseconds))
    #expect(CodecTable.lookup(encodingName: "AAL2-G726-32", clockRate: 8_000) == .g726(.kilobits32, .aal2))
    #expect(CodecTable.lookup(encodingName: "SPEEX", clockRate: 16_000) == .speex(16_000))
    #expect(CodecTable.lookup(encodingName: "speex", clockRate: 44_100) == nil)
    #expect(CodecTable.lookup(encodingName: "speex", clockRate: 8_000, channels: 2) == nil)
    #expect(CodecTable.lookup(encodingName: "EVS", clockRate: 16_000) == nil)
  }

  @Test func knowsTheStaticPayloadTypes() {
    #expect(CodecTable.lookup(staticPayloadType: 0) == .pcmu)
    #expect(CodecTable.lookup(staticPayloadType: 8) == .pcma)
    #expect(CodecTable.lookup(staticPayloadType: 9) == .g722)
    #expect(CodecTable.lookup(staticPayloadType: 10) == .l16(44_100, channels: 2))
    #expect(CodecTable.lookup(staticPayloadType: 11) == .l16(44_100))
    #expect(CodecTable.lookup(staticPayloadType: 3) == .gsm)
    #expect(CodecTable.lookup(staticPayloadType: 19) == nil)
  }

  @Test func everyCodecHasARowThatItsOwnNameFinds() {
    // G.729 is there only in builds with its trait.
    for codec in CodecName.allCases where codec != .g729 {
      #expect(CodecTable.rows.contains { $0.format.codec == codec })
    }
    for row in CodecTable.rows {
      let channels = row.encodingParameters.flatMap { Int($0) } ?? 1
      let found = CodecTable.lookup(
        encodingName: row.encodingName, clockRate: row.format.clockRate, channels: channels)
      #expect(found == row.format)
      #expect(CodecTable.row(row.format) == row)
    }
  }

  @Test func parametersOfAFormatAreReadAndPrintedTheSame() {
    for row in CodecTable.rows {
      #expect(row.format.reading(fmtp: row.format.fmtp) == row.format, "\(row.encodingName)")
    }
    let aligned = CodecFormat.amr.reading(fmtp: "octet-align=1; mode-set=0,7")
    #expect(aligned.fmtp.contains("octet-align=1"))
    #expect(aligned.reading(fmtp: aligned.fmtp) == aligned)
  }

  @Test func opusParametersAreReadAndPrintedTheSame() {
    let text = "maxplaybackrate=16000;maxaveragebitrate=20000;stereo=1;cbr=1;useinbandfec=1;usedtx=1"
    let parameters = OpusParameters(fmtp: text)
    #expect(parameters.maxPlaybackRate == 16_000)
    #expect(parameters.maxAverageBitRate == 20_000)
    #expect(parameters.stereo && parameters.constantBitRate && parameters.useInbandFEC && parameters.useDTX)
    #expect(parameters.fmtp == text)
    #expect(OpusParameters().fmtp.isEmpty)
  }

  @Test func opusParametersForgiveWhatBrowsersAndPeersWrite() {
    let parameters = OpusParameters(fmtp: " minptime=10; UseInbandFEC = 1 ;; x; maxaveragebitrate=99999999999999999999")
    #expect(parameters.useInbandFEC)
    #expect(parameters.maxAverageBitRate == nil)
    #expect(OpusParameters(fmtp: "maxplaybackrate=-5").maxPlaybackRate == 8_000)
    #expect(OpusParameters(fmtp: "") == OpusParameters())
  }
}
