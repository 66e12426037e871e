/// The most ids that a cart may list: the rules refuse more.
private let maxIds = 200

/// Lists the ids of the items and options in the lines: by them the server finds the carts with what is sold out.
public func idsInCart(_ lines: [CartLineToSend]) -> [String] {
  var ids: [String] = []
  for line in lines {
    ids.append(line.itemId)
    for chosen in line.modifiers ?? [] {
      ids.append(chosen.optionId)
      ids.append(contentsOf: (chosen.modifiers ?? []).map { $0.optionId })
    }
  }
  var known: Set<String> = []
  return Array(ids.filter { known.insert($0).inserted }.prefix(maxIds))
}

/// Finds the last of the numbers from 1 that are used, by doubling and halving; 0 where none is.
public func findLast(upTo max: Int, isUsed: (Int) async throws -> Bool) async throws -> Int {
  var used = 0
  var free = 1
  while free <= max {
    let isTaken = try await isUsed(free)
    if !isTaken { break }
    used = free
    free *= 2
  }
  free = min(free, max + 1)
  while free - used > 1 {
    let middle = (used + free) / 2
    let isTaken = try await isUsed(middle)
    if isTaken {
      used = middle
    } else {
      free = middle
    }
  }
  return used
}
