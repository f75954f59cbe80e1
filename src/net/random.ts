/** Randomness that a host may use. Seeded in the simulation, the machine's on the operating system. */
export interface Random {
  /** An integer, uniform in [0, 2^32). */
  uint32(): number;
  /** An integer, uniform in [0, bound); `bound` is a positive integer up to 2^32. */
  below(bound: number): number;
  /** A number, uniform in [0, 1). */
  fraction(): number;
  /** `length` random bytes. */
  bytes(length: number): Uint8Array;
}
