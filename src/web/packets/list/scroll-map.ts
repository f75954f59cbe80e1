/**
 * How far a list of any length is scrolled. Browsers bound the height of an element and lose precision far below it, so
 * from some height on the scroll bar stands for more than its own pixels: small movements are taken pixel by pixel,
 * long ones (the bar is dragged) in proportion. Pure; big-list.tsx applies it.
 */

export interface ScrollSpace {
  readonly rows: number;
  readonly rowHeight: number;
  /** Height of what is seen. */
  readonly viewport: number;
}

export interface ScrollPlace {
  /** How far down the list the view begins, in pixels of the list. */
  readonly offset: number;
  /** What the scroll bar says. */
  readonly scrollTop: number;
}

/** The height of the element that makes the scroll bar. */
export function barHeight({ rows, rowHeight }: ScrollSpace): number {
  return Math.min(BAR_MAX, rows * rowHeight);
}

export function maxOffset({ rows, rowHeight, viewport }: ScrollSpace): number {
  return Math.max(0, rows * rowHeight - viewport);
}

export function clampOffset(space: ScrollSpace, offset: number): number {
  return Math.min(maxOffset(space), Math.max(0, offset));
}

/** Where the scroll bar stands for an offset. */
export function scrollTopOf(space: ScrollSpace, offset: number): number {
  const [bar, list] = [maxScrollTop(space), maxOffset(space)];
  return list <= bar ? offset : (offset / list) * bar;
}

/** After the browser has scrolled. The bar may then stand elsewhere than `scrollTopOf` says until it is at rest. */
export function scrolled(space: ScrollSpace, before: ScrollPlace, scrollTop: number): ScrollPlace {
  const [bar, list] = [maxScrollTop(space), maxOffset(space)];
  if (list <= bar) return { offset: clampOffset(space, scrollTop), scrollTop };
  const moved = scrollTop - before.scrollTop;
  if (Math.abs(moved) > space.viewport * SMALL) return { offset: (scrollTop / bar) * list, scrollTop };
  const offset = clampOffset(space, before.offset + moved);
  // At an end of the bar there is no further to scroll: the last screen is skipped rather than out of reach.
  if (scrollTop <= 0 && moved < 0 && offset < space.viewport) return { offset: 0, scrollTop };
  if (scrollTop >= bar - 1 && moved > 0 && offset > list - space.viewport) return { offset: list, scrollTop };
  return { offset, scrollTop };
}

/** Whether the bar can go no further although the list can: then it must be set right at once. */
export function isStuck(space: ScrollSpace, { offset, scrollTop }: ScrollPlace): boolean {
  return (
    (scrollTop <= 0 && offset > 0) || (scrollTop >= maxScrollTop(space) - 1 && offset < maxOffset(space) - 1)
  );
}

/** The rows that are at least partly seen: [first, end). */
export function seenRows(
  space: ScrollSpace,
  offset: number,
): { readonly first: number; readonly end: number } {
  const first = Math.min(space.rows, Math.max(0, Math.floor(offset / space.rowHeight)));
  const end = Math.min(space.rows, Math.ceil((offset + space.viewport) / space.rowHeight));
  return { first, end: Math.max(first, end) };
}

/** The offset at which a row is seen: as little moved as needed, or the row in the middle when it is far away. */
export function offsetToShow(space: ScrollSpace, offset: number, index: number): number {
  const top = index * space.rowHeight;
  const bottom = top + space.rowHeight;
  if (top >= offset && bottom <= offset + space.viewport) return offset;
  const isNear = bottom > offset - space.viewport && top < offset + 2 * space.viewport;
  if (!isNear) return clampOffset(space, top - (space.viewport - space.rowHeight) / 2);
  return clampOffset(space, top < offset ? top : bottom - space.viewport);
}

export function isAtEnd(space: ScrollSpace, offset: number): boolean {
  return offset >= maxOffset(space) - space.rowHeight / 2;
}

function maxScrollTop(space: ScrollSpace): number {
  return Math.max(0, barHeight(space) - space.viewport);
}

/**
 * Firefox allows 17.8 million pixels, Chromium 33.5 million, and both place things by 32-bit floats, which are exact to
 * a quarter of a pixel only below this.
 */
const BAR_MAX = 4_000_000;
/** A wheel or a finger moves less than so many screens in one frame. */
const SMALL = 1.5;
