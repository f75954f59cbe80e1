/** Time: play, pause, steps, speed, and the line from the start to the horizon. */

export function TimeBar(_: { readonly phone: boolean }) {
  return <p>Time comes here.</p>;
}
