/** Paints the nodes and links of a large network as seen from afar: shapes and colours of the real ones, no letters. */

import type { NetworkView, NodeView } from "../../engine/protocol/index.ts";
import type { Point } from "./geometry.ts";
import type { Scene } from "./painter.ts";

export function paintOverview(
  scene: Scene,
  network: NetworkView | undefined,
  selected: string | undefined,
): void {
  if (network === undefined) return;
  paintLinks(scene, network, selected);
  for (const kind of ["host", "switch", "router"] as const) paintNodes(scene, network, kind);
  const centre = selected === undefined ? undefined : scene.centreOf(selected);
  if (centre !== undefined) paintRing(scene, centre);
}

/** One path for those that are well and one for those that are cut: a thousand strokes of their own would be slow. */
function paintLinks(scene: Scene, { links }: NetworkView, selected: string | undefined): void {
  const { context, dark, transform } = scene;
  const [well, cut, chosen] = [new Path2D(), new Path2D(), new Path2D()];
  for (const { name, state } of links) {
    const ends = scene.endsOf(name);
    if (ends === undefined) continue;
    const path = name === selected ? chosen : state === "up" ? well : cut;
    path.moveTo(ends[0].x, ends[0].y);
    path.lineTo(ends[1].x, ends[1].y);
  }
  context.lineWidth = Math.max(2, 0.6 / transform[2]);
  context.strokeStyle = dark ? "#57627a" : "#9aa5ba";
  context.stroke(well);
  context.strokeStyle = dark ? "#f2756b" : "#c92a2a";
  context.setLineDash([12, 10]);
  context.stroke(cut);
  context.setLineDash([]);
  context.lineWidth *= 2;
  context.strokeStyle = dark ? "#6a90f7" : "#2f5bdd";
  context.stroke(chosen);
}

function paintNodes(scene: Scene, { nodes }: NetworkView, kind: NodeView["kind"]): void {
  const { context, dark, transform } = scene;
  const [on, off] = [new Path2D(), new Path2D()];
  for (const node of nodes) {
    const centre = node.kind === kind ? scene.centreOf(node.name) : undefined;
    if (centre !== undefined) addShape(node.on ? on : off, kind, centre);
  }
  const [fill, line] = COLORS[dark ? "dark" : "light"][kind];
  context.lineWidth = Math.max(1.5, 0.8 / transform[2]);
  context.fillStyle = fill;
  context.strokeStyle = line;
  context.fill(on);
  context.stroke(on);
  context.fillStyle = dark ? "#14171d" : "#eceef2";
  context.fill(off);
  context.stroke(off);
}

function addShape(path: Path2D, kind: NodeView["kind"], { x, y }: Point): void {
  if (kind === "router") {
    path.moveTo(x + 22, y);
    path.arc(x, y, 22, 0, 2 * Math.PI);
  } else if (kind === "switch") path.rect(x - 27, y - 17, 54, 34);
  else path.rect(x - 22, y - 22, 44, 44);
}

function paintRing({ context, dark, transform }: Scene, { x, y }: Point): void {
  context.strokeStyle = dark ? "#6a90f7" : "#2f5bdd";
  context.lineWidth = Math.max(3, 2 / transform[2]);
  context.beginPath();
  context.arc(x, y, 36, 0, 2 * Math.PI);
  context.stroke();
}

/** Fill and line, as in topology.module.css but stronger: there is no symbol inside. */
const COLORS = {
  light: { host: ["#ffffff", "#8491ab"], router: ["#c9d7ff", "#4a6fe0"], switch: ["#c5ebe6", "#2f9488"] },
  dark: { host: ["#232b3a", "#66728c"], router: ["#26376b", "#6f8fe8"], switch: ["#1c4442", "#55b3a8"] },
} as const;
