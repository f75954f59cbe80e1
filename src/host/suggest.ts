/** "did you mean …": the nearest of the known words. */

/** `, did you mean "smtp"?` or nothing. */
export function didYouMean(found: string, known: Iterable<string>): string {
  let best: string | undefined;
  // A third of the letters may be wrong, one of a short word, and never so many that everything is near.
  let bestDistance = Math.min(3, Math.max(1, Math.floor(found.length / 3)));
  for (const word of known) {
    const distance = editDistance(found.toLowerCase(), word.toLowerCase(), bestDistance);
    if (distance < bestDistance || (distance === bestDistance && best === undefined)) {
      best = word;
      bestDistance = distance;
    }
  }
  return best === undefined ? "" : `, did you mean "${best}"?`;
}

/** Insertions, deletions, replacements and exchanges of neighbours between two words; above `max` any such number. */
function editDistance(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost);
      const exchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (exchanged) row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}
