import FirebaseFirestore
import Foundation
import TiffinCore

extension Session {
  /// Shows that the courier is online. The rules accept a heartbeat every five seconds; apps send one every thirty.
  public func showPresence(_ position: LatLng) async throws {
    let presence: [String: Any] = [
      "lat": position.lat, "lng": position.lng, "geohash": position.geohash, "at": FieldValue.serverTimestamp(),
    ]
    try await document("couriers", uid).updateData(["online": true, "presence": presence])
  }

  /// Ends the shift, at any time: no offer comes any more.
  public func goOffline() async throws {
    try await document("couriers", uid).updateData(["online": false])
  }
}

/// A position of the phone, `agoMs` before the packet is sent, at most a minute.
public struct TimedFix: Hashable, Sendable {
  public let position: LatLng
  public let agoMs: Int64

  public init(_ position: LatLng, agoMs: Int64) {
    self.position = position
    self.agoMs = agoMs
  }
}

/// The positions of one order on its way, which its parties follow.
public actor PositionStream {
  private let session: Session
  private let orderId: String
  private var seq: Int64?

  public init(session: Session, orderId: String) {
    self.session = session
    self.orderId = orderId
  }

  /// Sends a packet of one to four positions, the oldest first. The rules accept one every three seconds; the zone's
  /// `limits.position` says how often apps send one. Packets are numbered on from the stored one, so that a phone that
  /// restarts or whose clock went back continues.
  public func send(_ fixes: [TimedFix]) async throws {
    let reference = try session.document("couriers", session.uid, "live", orderId)
    if seq == nil {
      let stored = try await reference.getDocument().get("seq") as? NSNumber
      // Another packet may have read the number meanwhile, and taken the next one.
      seq = seq ?? stored?.int64Value ?? 0
    }
    let next = (seq ?? 0) + 1
    seq = next
    let packet: [[String: Any]] = fixes.map { fix in
      ["lat": fix.position.lat, "lng": fix.position.lng, "agoMs": fix.agoMs]
    }
    try await reference.updateData(["seq": next, "fixes": packet, "at": FieldValue.serverTimestamp()])
  }
}
