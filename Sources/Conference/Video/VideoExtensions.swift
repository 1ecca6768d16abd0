/// The ids under which one peer knows the header extensions that video needs; 0 for those it does not have.
package struct VideoExtensions: Hashable, Sendable {
  package var mid: UInt8
  package var rid: UInt8
  package var repairedRID: UInt8
  package var absoluteSendTime: UInt8
  package var transportSequence: UInt8

  package init(
    mid: UInt8 = 0, rid: UInt8 = 0, repairedRID: UInt8 = 0, absoluteSendTime: UInt8 = 0, transportSequence: UInt8 = 0
  ) {
    self.mid = mid
    self.rid = rid
    self.repairedRID = repairedRID
    self.absoluteSendTime = absoluteSendTime
    self.transportSequence = transportSequence
  }
}
