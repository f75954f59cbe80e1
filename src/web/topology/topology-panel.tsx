/** The network, drawn. */

export function TopologyPanel() {
  return <p>The network comes here.</p>;
}
