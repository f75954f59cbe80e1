/** State that this browser remembers: sizes of panes, whether the tour was seen. Nothing that the engine should know. */

import { useCallback, useState } from "react";

export function useStored<T>(
  name: string,
  initial: T,
  isValid: (value: unknown) => value is T,
): [T, (value: T) => void] {
  const [stored, setStored] = useState(() => ({ name, value: readStored(name, initial, isValid) }));
  const current = stored.name === name ? stored : { name, value: readStored(name, initial, isValid) };
  if (current !== stored) setStored(current);
  const set = useCallback(
    (value: T) => {
      setStored({ name, value });
      writeStored(name, value);
    },
    [name],
  );
  return [current.value, set];
}

export function readStored<T>(name: string, initial: T, isValid: (value: unknown) => value is T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(`hamlet.${name}`) ?? "null");
    return isValid(value) ? value : initial;
  } catch {
    // Not ours, or storage is forbidden: nothing is lost but a size.
    return initial;
  }
}

export function writeStored(name: string, value: unknown): void {
  try {
    localStorage.setItem(`hamlet.${name}`, JSON.stringify(value));
  } catch {
    // Full or forbidden.
  }
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}
