/** The editor of the network file. Loaded when it is first opened. */

export default function EditorPanel() {
  return <p>The editor comes here.</p>;
}
