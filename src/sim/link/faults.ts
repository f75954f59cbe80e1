/** The dice of one direction of a link. Each knob has its own random stream, made when it is first turned. */

import { SeededRandom } from "../random.ts";
import type { Frame } from "./frame.ts";
import type { FullLinkOptions } from "./options.ts";

export class Faults {
  readonly #seed: number;
  readonly #label: string;
  readonly #streams = new Map<string, SeededRandom>();
  /** The side on which the Gilbert-Elliott model is. */
  #bad = false;

  constructor(seed: number, label: string) {
    this.#seed = seed;
    this.#label = label;
  }

  /** Why the packet is lost, undefined when it is not. */
  loss(options: FullLinkOptions): string | undefined {
    if (options.lossBurst !== undefined) {
      const { enter, leave, loss } = options.lossBurst;
      if (this.chance("burst", this.#bad ? leave : enter)) this.#bad = !this.#bad;
      if (this.#bad && this.chance("burst loss", loss)) return "lost on the link (burst)";
    }
    return this.chance("loss", options.loss) ? "lost on the link" : undefined;
  }

  /** Changes one octet, wherever it is. */
  corrupt(frame: Frame): void {
    const random = this.#stream("corrupt where");
    const bytes = frame.writable();
    const at = frame.start + random.below(frame.length);
    bytes[at] ^= 1 + random.below(255);
    frame.intact = false;
  }

  /** Uniform in [0, max]. */
  jitterNs(max: number): number {
    return max === 0 ? 0 : Math.round(this.#stream("jitter").fraction() * max);
  }

  chance(knob: string, probability: number): boolean {
    return probability > 0 && this.#stream(knob).fraction() < probability;
  }

  #stream(knob: string): SeededRandom {
    let stream = this.#streams.get(knob);
    if (stream === undefined) {
      stream = new SeededRandom(this.#seed, `${this.#label} ${knob}`);
      this.#streams.set(knob, stream);
    }
    return stream;
  }
}
