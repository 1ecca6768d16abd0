/// Which of a leg's two ports a datagram came in on or goes out of.
///
/// With RFC 5761 multiplexing RTCP travels on `.rtp`; the room sorts what comes in by the packets themselves.
package enum MediaChannel: UInt8, Hashable, Sendable { case rtp, rtcp }
