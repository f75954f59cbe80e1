/** Places of an axis that a person likes to read: 0, 2, 4, 6 ... and their labels. */

/** From `least` to the first place that is not below `most`: at least two, about `wanted`. */
export function niceTicks(least: number, most: number, wanted: number): number[] {
  const span = most - least > SPAN_LEAST ? most - least : 1;
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const count = Math.max(1, Math.ceil(span / step - 1e-9));
  // A product, not a sum, so that no error adds up; and rounded, so that 0.30000000000000004 is 0.3.
  return Array.from({ length: count + 1 }, (_, i) => Number((least + i * step).toPrecision(12)));
}

/** As many decimals as the finest of them needs. */
export function tickLabels(ticks: readonly number[]): string[] {
  const decimals = Math.max(...ticks.map((tick) => decimalsOf(tick)));
  return ticks.map((tick) => tick.toFixed(decimals));
}

function decimalsOf(value: number): number {
  for (let decimals = 0; decimals < DECIMALS_MAX; decimals++)
    if (Math.abs(Number(value.toFixed(decimals)) - value) <= Math.abs(value) * 1e-9) return decimals;
  return DECIMALS_MAX;
}

const DECIMALS_MAX = 9;
/** Below it a step would be no number that can be divided by. */
const SPAN_LEAST = 1e-290;
