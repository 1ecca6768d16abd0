/// Which of a leg's ports a datagram came in on or goes out of.
///
/// With RFC 5761 multiplexing RTCP travels on `.rtp`; the room sorts what comes in by the packets themselves. `.stream` is a
/// browser's way by TCP (RFC 6544): all that `.rtp` carries, each packet a frame of the connection with that address.
package enum MediaChannel: UInt8, Hashable, Sendable { case rtp, rtcp, stream }
