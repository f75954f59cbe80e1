/** The command that repeats one run. */
export function repeatCommand(seed: number): string {
  return `npm run swarm -- --seed ${seed} --runs 1 --verbose`;
}
