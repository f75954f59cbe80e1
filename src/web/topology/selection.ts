/** What is selected in the drawing: its inspector is shown. */

export type Selection = { readonly kind: "node" | "link"; readonly name: string } | undefined;

/** Where a menu was asked for, and on what. `x` and `y` are of the page, `place` of the drawing. */
export interface MenuRequest {
  readonly x: number;
  readonly y: number;
  readonly on: Selection;
  readonly place: { readonly x: number; readonly y: number };
}
