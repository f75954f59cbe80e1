/** The symbols of host, router and switch: three outlines that differ in shape, not only in colour. */

import type { NodeView } from "../../engine/protocol/index.ts";

interface Props {
  readonly kind: NodeView["kind"];
  readonly on: boolean;
  readonly size: number;
}

export function NodeSymbol({ kind, on, size }: Props) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      style={{ opacity: on ? 1 : 0.45, flex: "none" }}
    >
      {SHAPES[kind]}
    </svg>
  );
}

const SHAPES = {
  host: (
    <>
      <rect x="4" y="6" width="24" height="16" rx="2.500" />
      <path d="M12 27h8M16 22v5" />
    </>
  ),
  router: (
    <>
      <circle cx="16" cy="16" r="12" />
      <path d="M16 13.500V7.500M13.700 9.800L16 7.500l2.300 2.300M16 18.500v6M13.700 22.200L16 24.500l2.300-2.300" />
      <path d="M7.500 16h5.500M10.700 13.700L13 16l-2.300 2.300M24.500 16H19M21.300 13.700L19 16l2.300 2.300" />
    </>
  ),
  switch: (
    <>
      <rect x="3" y="9" width="26" height="14" rx="2.500" />
      <path d="M8 13.500h8M13.700 11.400l2.300 2.100-2.300 2.100M24 18.500h-8M18.300 16.400L16 18.500l2.300 2.100" />
    </>
  ),
} as const;
