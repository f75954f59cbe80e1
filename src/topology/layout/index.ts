/** Where the nodes of a network stand in its drawing: start at `layoutNetwork`. */
export { BOX, BOX_HEIGHT } from "./boxes.ts";
export { layoutNetwork } from "./layout.ts";
