/** The guide beside the work area: the lessons, or the one that is open. */

export function Guide() {
  return <p>The lessons come here.</p>;
}
