/** The files of a host, those that are not saved yet among them, and what can be done with each. */

import { useMemo } from "react";
import { useAct } from "../../app/act.ts";
import { useRequest } from "../../engine/hooks.ts";
import { base64OfFile } from "../../panels/parts/octets.ts";
import { useDrafts } from "./drafts.ts";

export interface ShownFile {
  readonly name: string;
  /** Undefined: it was never saved. */
  readonly octets: number | undefined;
  /** What was typed in it and is not saved. */
  readonly draft: string | undefined;
}

export function useFiles(host: string) {
  const act = useAct();
  const { data: saved, again } = useRequest("file.list", { host });
  const { texts, keep } = useDrafts(host);
  const files = useMemo((): readonly ShownFile[] => {
    const there = (saved ?? []).map((file) => ({ ...file, draft: texts.get(file.name) }));
    const names = new Set(there.map(({ name }) => name));
    const others = [...texts].filter(([name]) => !names.has(name));
    return [...there, ...others.map(([name, draft]) => ({ name, draft, octets: undefined }))];
  }, [saved, texts]);
  const isThere = (name: string): boolean => saved?.some((file) => file.name === name) ?? false;
  return {
    files,
    keep,
    again,
    async put(file: File): Promise<boolean> {
      const content = await base64OfFile(file);
      if ((await act("file.write", { host, name: file.name, content })) === undefined) return false;
      keep(file.name, undefined);
      again();
      return true;
    },
    async rename(name: string, to: string): Promise<boolean> {
      if (isThere(name) && (await act("file.rename", { host, name, to })) === undefined) return false;
      keep(to, texts.get(name));
      keep(name, undefined);
      again();
      return true;
    },
    async remove(name: string): Promise<boolean> {
      if (isThere(name) && (await act("file.remove", { host, name })) === undefined) return false;
      keep(name, undefined);
      again();
      return true;
    },
  };
}
